"""B01: starting up, and being accepted."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.trace import OcppMessage

PATIENCE_S = 300.0  # how long it pauses after an error no clause says
SOON_S = 60.0  # who did not ask again by then, and went to work instead, is not waited for


def _goes_to_work(stand: Stand, failed: OcppMessage) -> bool:
    """Whether it still sends requests some time after its BootNotification was answered by an error."""
    later_ns = failed.event.t_ns + int(SOON_S / 2 * 1e9)
    return any(m.type == 2 and m.event.t_ns > later_ns for m in stand.station.messages(since=failed.event))


@serves("OCPP-B01.P003")
async def test_announces_itself_again_when_the_backend_failed(stand: Stand) -> None:
    """The backend answers the first BootNotification with an error; the charger announces itself again."""
    station, boot_s = stand.station, stand.pixit.boot_s
    async with stand.step("reset; the backend fails once"), stand.csms.failing_once("BootNotification"):
        first = await stand.until_it_boots(await station.reset("Immediate"))
        again = await stand.if_it_comes(station.expect("BootNotification", since=first.event, within_s=SOON_S))
        if again is None and not _goes_to_work(stand, first):
            left_s = PATIENCE_S - SOON_S
            again = await stand.if_it_comes(station.expect("BootNotification", since=first.event, within_s=left_s))
        if again is not None:
            await stand.if_it_comes(station.until_ready(within_s=boot_s))
            await stand.quiet(within_s=5)
    stand.claim(answers.tells, since=first.event, action="BootNotification", holds={"reason": "RemoteReset"})
