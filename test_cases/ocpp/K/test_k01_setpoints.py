"""K01: a session's setpoint beside a lower limit of the whole station, and of the site: the lower one counts."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import setpoints


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


@serves("OCPP-K01.P403")
async def test_a_setpoint_keeps_to_the_stations_limit(stand: Stand) -> None:
    """1500 W for the station while 3000 W are asked for; less than that; and 3000 W again."""
    station, car, watch_s = stand.station, stand.car, stand.limit_s("response") + stand.limit_s("dwell")
    async with car.session("BPT", "Dynamic"):
        wanted = await car.central_setpoint("3000 W")
        with stand.claim.during(setpoints.setpoint_followed, limit=wanted.call):
            await car.settles(near="3000 W")
        async with stand.step("1500 W for the station; a setpoint below it, and 3000 W again"):
            whole = await station.set_charging_profile(limit="1500 W", purpose="ChargingStationMaxProfile")
            with stand.claim.during(setpoints.limit_holds, limit=whole.call):
                await car.settles(at_most="1500 W")
                less = await car.central_setpoint("1000 W")
                await car.settles(near="1000 W")
                stand.claim(setpoints.setpoint_followed, limit=less.call)
                await car.central_setpoint("3000 W")
                await stand.bench.meter.observe(for_s=watch_s)
