"""E14: asking for a transaction's state."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-E14.P001", "OCPP-E14.P002")
async def test_says_whether_a_session_runs(stand: Stand) -> None:
    """It says of a session whether it runs, while it does and when it has ended; of no session it says nothing."""
    ask, identity = stand.station.get_transaction_status, stand.session.id
    async with stand.step("while a car charges"):
        running, of_none = await ask(identity), await ask()
    async with stand.step("when the car has gone") as gone:
        await stand.car.leave()
        await stand.until_the_end_is_told(since=gone)
        ended = await ask(identity)
    stand.claim(answers.says, "OCPP-E14.P001", call=running.call, holds={"ongoingIndicator": True})
    stand.claim(answers.says, "OCPP-E14.P001", call=ended.call, holds={"ongoingIndicator": False})
    stand.claim(answers.says, "OCPP-E14.P002", call=of_none.call, lacks=["ongoingIndicator"])
