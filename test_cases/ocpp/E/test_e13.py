"""E13: an event of a session that the backend did not answer."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import kept_up

LATE_S = 60.0  # long after the line has broken


@serves("OCPP-E13.P001")
async def test_what_was_under_way_is_told_again(stand: Stand) -> None:
    """The car pauses; before our backend has answered what is told of it the line breaks, and comes back."""
    station = stand.station
    await stand.settings.quick_reconnect()
    await stand.settings.pauses_are_no_end()
    await stand.settings.change("OCPPCommCtrlr", "MessageAttempts[TransactionEvent]", "3")
    tries = await station.get_variables([("OCPPCommCtrlr", "MessageAttempts[TransactionEvent]")])
    await stand.car.charge(at_least="6 A")
    await stand.car.until_the_session_is_told()
    await stand.quiet(within_s=5)
    late = stand.csms.answering_late("TransactionEvent", LATE_S)
    async with late, stand.step("the car pauses, and the line breaks before the answer") as rests:
        await stand.car.stop_drawing()
        await stand.if_it_comes(station.expect("TransactionEvent", since=rests, within_s=15))
        cut = await stand.marked(stand.csms.network.cut("reset"))
    async with stand.step("the network returns"):
        await stand.dwell("notice", "it notices")
        await stand.csms.network.restore()
        await stand.if_it_comes(station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.quiet(within_s=10, for_s=2)
    stand.claim(kept_up.told_again, since=rests, cut=cut, attempts=tries.call)
