"""Two EVSEs at once: their sessions, their status and their meters are kept apart."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import apart, told
from harness.judge.ocpp import answers, core_ocpp
from harness.judge.power import metering, setpoints


@serves("OCPP-E01.P301", "OCPP-F03.P301")
async def test_sessions_at_two_evses_are_kept_apart(stand: Stand) -> None:
    """A driver at each EVSE, one after the other; the neighbour's session is stopped, and then the other one's."""
    station, pixit, there, starts = stand.station, stand.pixit, stand.neighbour(), []
    digit = "1" if pixit.id_token[-1] != "1" else "2"
    begin = stand.mark()
    for at, driver in ((stand, pixit.id_token), (there, f"{pixit.id_token[:-1]}{digit}")):
        evse = there.evse_id if at is there else pixit.evse_id
        async with stand.step(f"a driver at EVSE {evse}"):
            await at.car.plug_in()
            start = await station.request_start_transaction(driver, evse, token_type=pixit.id_token_type)
            stand.claim.control(answers.says, call=start.call, accept=["Accepted"])
            await at.bench.pilot.ready()
            await stand.if_it_comes(at.car.draws(at_least="6 A"))
            starts.append(start.call.seq)
    stand.claim.control(setpoints.draws_at_least, value=5, unit="A")
    mine, other = stand.reach.transaction, there.transaction
    if mine is not None and other is not None:
        async with stand.step("the neighbour's session is stopped"):
            stop = await station.request_stop_transaction(other.id)
            stand.claim.control(answers.says, "OCPP-F03.P301", call=stop.call, accept=["Accepted"])
            await stand.until_the_end_is_told(since=stop.call)
            await stand.bench.meter.observe(for_s=3)
        stand.claim(told.goes_on, "OCPP-F03.P301", since=stop.call, transaction=mine.id)
        stand.claim(setpoints.draws_at_least, "OCPP-F03.P301", value=5, unit="A", for_s=2)
    async with stand.step("both cars go"):
        await there.car.leave()
        await stand.car.leave()
        await stand.quiet(within_s=5)
    stand.claim(apart.own_evse, "OCPP-E01.P301", since=begin, evses=[pixit.evse_id, there.evse_id])
    stand.claim(apart.own_driver, "OCPP-E01.P301", starts=starts)
    stand.claim(core_ocpp.transaction_in_sequence, "OCPP-E01.P301", since=begin)


@serves("OCPP-G01.P301")
async def test_one_evse_s_status_is_not_the_other_s(stand: Stand) -> None:
    """A car comes to the neighbour and goes, and the neighbour goes out of service; here nothing happens."""
    there, pixit = stand.neighbour(), stand.pixit
    async with stand.step("a car at the neighbour, and no service there") as begin:
        await there.car.plug_in()
        await stand.quiet(within_s=5)
        await there.car.leave()
        await stand.quiet(within_s=5)
        down = await stand.station.change_availability("Inoperative", there.evse_id)
        await stand.quiet(within_s=5)
        await stand.station.change_availability("Operative", there.evse_id)
        await stand.quiet(within_s=5)
    stand.claim.control(answers.says, call=down.call, accept=["Accepted"])
    states, other = ["Occupied", "Unavailable"], there.evse_id
    stand.claim(apart.own_status, states=states, since=begin, evse_id=pixit.evse_id, other=other)


@serves("OCPP-J02.P301")
async def test_each_evse_tells_its_own_power(stand: Stand) -> None:
    """Both charge, the neighbour with less; what is told of this EVSE is what the meter shows here."""
    there = stand.neighbour()
    every = await stand.settings.reported_each_second("Power.Active.Import")
    async with stand.step("both charge") as charging:
        await there.car.charge(at_least="6 A", current="7 A")
        await stand.car.charge(at_least="9 A", current="12 A")
        await stand.bench.meter.observe(for_s=8)
    stand.claim(metering.reported_agrees, since=charging, every=every and every.call)
