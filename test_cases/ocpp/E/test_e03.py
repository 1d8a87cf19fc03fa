"""E03: a start from afar that nobody made use of in time."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import off, setpoints

AFTER_S = 5  # a clock and a timer of whole seconds may be so much behind
MOST_S = 300  # a charger that keeps a longer time than this is not waited for


@serves("OCPP-E03.P001")
async def test_a_start_that_ran_out_serves_nobody(stand: Stand) -> None:
    """A start, and nobody comes in time; then a car comes and gets nothing, until a start of its own."""
    station, pixit = stand.station, stand.pixit
    await stand.settings.change("AuthCtrlr", "Enabled", "true")  # where all may charge, nobody needs a start
    async with stand.step("the control: nobody gets energy here without a start") as before:
        await stand.car.plug_in()
        await stand.bench.pilot.ready()
        await stand.bench.meter.observe(for_s=2 * stand.limit_s("response"))
        stand.claim.control(off.without_a_start, since=before)
        gone = stand.mark()
        await stand.car.leave()
        await stand.until_status("Available", since=gone)
    await stand.settings.change("TxCtrlr", "EVConnectionTimeOut", "10")
    kept = await stand.settings.read("TxCtrlr", "EVConnectionTimeOut") or ""
    if not kept.isdecimal() or not 0 < int(kept) <= MOST_S:
        return  # it keeps a time of its own
    async with stand.step("a start from afar, and nobody comes in time"):
        start = await station.request_start_transaction(pixit.id_token, pixit.evse_id, token_type=pixit.id_token_type)
        await stand.until_after(start.call, int(kept) + AFTER_S, "the time is over in which a car may come")
    stand.claim.control(answers.says, call=start.call, accept=["Accepted"])
    async with stand.step("a car comes, and nobody starts anything") as came:
        await stand.car.plug_in()
        await stand.bench.pilot.ready()
        await stand.bench.meter.observe(for_s=2 * stand.limit_s("response"))
        stand.claim(off.without_a_start, since=came)
    async with stand.step("the control: with a start of its own it charges"):
        await stand.bench.pilot.not_ready()
        await stand.car.authorise()
        await stand.bench.pilot.ready()
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        stand.claim.control(setpoints.draws_at_least, value=5, unit="A")
