"""B01: starting up, and being accepted."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers

PATIENCE_S = 300.0  # how long it pauses after an error no clause says


@serves("OCPP-B01.P003")
async def test_announces_itself_again_when_the_backend_failed(stand: Stand) -> None:
    """The backend answers the first BootNotification with an error; the charger announces itself again."""
    station, boot_s = stand.station, stand.pixit.boot_s
    async with stand.step("reset; the backend fails once"), stand.csms.failing_once("BootNotification"):
        first = await stand.until_it_boots(await station.reset("Immediate"))
        await stand.if_it_comes(station.expect("BootNotification", since=first.event, within_s=PATIENCE_S))
        await stand.if_it_comes(station.until_ready(within_s=boot_s))
        await stand.quiet(within_s=5)
    stand.claim(answers.tells, since=first.event, action="BootNotification", holds={"reason": "RemoteReset"})
