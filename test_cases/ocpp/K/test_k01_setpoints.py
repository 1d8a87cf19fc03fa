"""K01: a session's setpoint beside a lower limit of the whole station, and of the site: the lower one counts."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import setpoints

_WHOLE = "ChargingStationMaxProfile"


@serves("OCPP-K01.P403")
async def test_a_setpoint_keeps_to_the_stations_limit(stand: Stand) -> None:
    """Half as much for the station while 3 kW are asked for; another 3 kW; less than that; and the limit is gone."""
    car, follows = stand.car, partial(stand.claim.during, setpoints.setpoint_followed)
    watch_s = stand.limit_s("response") + stand.limit_s("dwell")
    async with car.session():
        wanted = await car.central_setpoint("3000 W")
        await car.settles(near="3000 W")
        stand.claim.control(setpoints.setpoint_followed, limit=wanted.call)
        async with stand.step("1500 W for the station, and the setpoint once more after it"):
            whole = await stand.station.set_charging_profile(limit="1500 W", purpose=_WHOLE, profile_id=4793)
            with stand.claim.during(setpoints.limit_holds, limit=whole.call):
                await car.settles(at_most="1500 W")
                await car.central_setpoint("2800 W")
                await stand.bench.meter.observe(for_s=watch_s)
        async with stand.step("a setpoint below the station's limit, and then one above it"):
            less = await car.central_setpoint("1000 W")
            with follows(limit=less.call):
                await car.settles(near="1000 W")
            with stand.claim.during(setpoints.local_limit_holds, since=stand.mark(), value=1500):
                await car.central_setpoint("3000 W")
                await stand.bench.meter.observe(for_s=watch_s)


@serves("SITE-EMS.P401")
async def test_a_setpoint_that_comes_later_keeps_to_the_site_s_limit(stand: Stand) -> None:
    """The site allows 1500 W either way; then 1000 W are asked for, and 3000 W, to the car and to the grid."""
    car, watch_s = stand.car, stand.limit_s("response") + stand.limit_s("dwell")
    await stand.settings.hears_the_site()
    async with car.session("BPT", "Dynamic"):
        for sign in (1, -1):
            wanted = await car.central_setpoint(f"{sign * 3000} W")
            await car.settles(near=f"{sign * 3000} W")
            stand.claim.control(setpoints.setpoint_followed, limit=wanted.call)
            told = await stand.marked(stand.bench.ems.limit(1500, 1500))
            less = await car.central_setpoint(f"{sign * 1000} W")
            with stand.claim.during(setpoints.setpoint_followed, limit=less.call):
                await car.settles(near=f"{sign * 1000} W")
            async with stand.step(f"{sign * 3000} W, and the site allows 1500 W"):
                with stand.claim.during(setpoints.local_limit_holds, since=told, value=1500):
                    await car.central_setpoint(f"{sign * 3000} W")
                    await stand.bench.meter.observe(for_s=watch_s)
            await stand.bench.ems.clear()
