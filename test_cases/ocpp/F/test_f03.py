"""F03: stopping from afar."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-F03.P001")
async def test_what_has_ended_cannot_be_stopped(stand: Stand) -> None:
    """The stop of a session that runs is accepted; that of the same one, when it has ended, is rejected."""
    station, identity = stand.station, stand.session.id
    async with stand.step("stop the session") as begin:
        good = await station.request_stop_transaction(identity)
        await stand.car.unplug()
        await stand.until_the_end_is_told(since=begin)
    async with stand.step("stop it once more"):
        again = await station.request_stop_transaction(identity)
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim(answers.says, call=again.call, accept=["Rejected"])
