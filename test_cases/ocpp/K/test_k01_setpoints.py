"""K01: a session's setpoint beside a lower limit of the site: the lower one counts."""

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
