"""B02: a station that is told to wait."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-B02.P001")
async def test_no_session_begins_while_it_is_told_to_wait(stand: Stand) -> None:
    """Told to wait, it rejects that a session starts or stops; once accepted, it takes the same start."""
    station, pixit, wait_s = stand.station, stand.pixit, round(stand.limit_s("pending")) + 5
    start = partial(station.request_start_transaction, pixit.id_token, pixit.evse_id, token_type=pixit.id_token_type)
    async with stand.step("reset, and told to wait"), stand.csms.accepting_later(pending_s=wait_s, by_s=0.1):
        await stand.until_it_boots(await station.reset("Immediate"))
        await stand.quiet(within_s=3)
        early, stop = await start(), await station.request_stop_transaction("no-such")
        await stand.until_accepted(wait_s)
        await stand.quiet(within_s=5)
    async with stand.step("accepted, and asked again"):
        stand.claim.control(answers.says, call=(await start()).call, accept=["Accepted"])
    stand.claim(answers.says, call=early.call, accept=["Rejected"])
    stand.claim(answers.says, call=stop.call, accept=["Rejected"])
