"""K01: limits where two EVSEs charge at once."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import setpoints


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
