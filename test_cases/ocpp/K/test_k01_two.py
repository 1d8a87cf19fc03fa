"""K01: limits where two EVSEs charge at once."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import setpoints


@serves("OCPP-K01.P301")
async def test_a_limit_for_one_evse_binds_there_alone(stand: Stand) -> None:
    """Both charge; 7 A for the neighbour's sessions, then for its session, and here all goes on; then 9 A here."""
    station, there, at = stand.station, stand.neighbour(), await stand.settings.rate_unit()
    await there.car.charge(at_least="6 A")
    await stand.car.charge(at_least="11 A")
    for purpose in ("TxDefaultProfile", "TxProfile"):
        stand.claim.control(setpoints.draws_at_least, value=11, unit="A", group=purpose)
        async with stand.step(f"7 A as {purpose}, for the neighbour"):
            other = await station.set_charging_profile(limit=at(7), purpose=purpose, evse_id=there.evse_id)
            await there.car.settles(at_most=at(7))
            await stand.bench.meter.observe(for_s=stand.limit_s("dwell"))
        stand.claim.control(answers.says, call=other.call, accept=["Accepted"], group=purpose)
        stand.claim(setpoints.draws_at_least, value=11, unit="A", group=purpose)
    async with stand.step("9 A here"):
        own = await station.set_charging_profile(limit=at(9))
        with stand.claim.during(setpoints.limit_holds, limit=own.call):
            await stand.car.settles(at_most=at(9))


@serves("OCPP-K01.P302")
async def test_a_limit_for_the_station_binds_both_together(stand: Stand) -> None:
    """Both charge; what both draw together keeps to the station's limit, and so does the one that is left."""
    station, there, at = stand.station, stand.neighbour(), await stand.settings.rate_unit()
    watch_s = stand.limit_s("response") + stand.limit_s("dwell") + 1
    await there.car.charge(at_least="11 A")
    await stand.car.charge(at_least="11 A")
    stand.claim.control(setpoints.draws_at_least, value=11, unit="A")
    whole = await station.set_charging_profile(limit=at(16), purpose="ChargingStationMaxProfile")
    with stand.claim.during(setpoints.limit_holds, limit=whole.call):
        async with stand.step("16 A for both together"):
            await stand.bench.meter.observe(for_s=watch_s)
        async with stand.step("the neighbour's car goes"):
            await there.car.leave()
            await stand.bench.meter.observe(for_s=stand.limit_s("dwell"))
