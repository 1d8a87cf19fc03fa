"""E13: an event of a session that the backend did not answer."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.outage import kept_up
from harness.trace import OcppMessage

LATE_S = 60.0  # long after the line has broken
AGAIN_S = 90.0  # a charger that keeps a pause of its own between two attempts is waited for


@serves("OCPP-E13.P001")
async def test_what_was_under_way_is_told_again(stand: Stand) -> None:
    """The car pauses; before our backend has answered what is told of it the line breaks, and comes back."""
    station = stand.station
    await stand.settings.quick_reconnect()
    await stand.settings.pauses_are_no_end()
    for setting, value in (("MessageAttempts", "3"), ("MessageAttemptInterval", "1")):
        await stand.settings.change("OCPPCommCtrlr", f"{setting}[TransactionEvent]", value)
    tries = await station.get_variables([("OCPPCommCtrlr", "MessageAttempts[TransactionEvent]")])
    await stand.car.charge(at_least="6 A")
    await stand.car.until_the_session_is_told()
    await stand.quiet(within_s=5)
    late = stand.csms.answering_late("TransactionEvent", LATE_S)
    async with late, stand.step("the car pauses, and the line breaks before the answer") as rests:
        await stand.car.stop_drawing()
        lost = await stand.if_it_comes(station.expect("TransactionEvent", since=rests, within_s=15))
        cut = await stand.marked(stand.csms.network.cut("reset"))
    async with stand.step("the network returns"):
        await stand.dwell("notice", "it notices")
        await stand.csms.network.restore()
        await stand.if_it_comes(station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        if lost is not None:
            again = partial(_is_of, number=lost.payload.get("seqNo"))
            await stand.if_it_comes(station.expect("TransactionEvent", again, since=cut, within_s=AGAIN_S))
    stand.claim(kept_up.told_again, since=rests, cut=cut, attempts=tries.call)


def _is_of(message: OcppMessage, number: object) -> bool:
    return message.payload.get("seqNo") == number
