"""BI-16, BI-18 and BI-20.2: setpoints hold for discharging too, and the light shows it."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.bench import light
from harness.judge.power import setpoints


@serves("OCPP-Q04.P001", "OCPP-Q04.P002", "OCPP-Q04.P003", "LIGHT-V2X.P001", "LIGHT-V2X.P002", "LIGHT-V2X.P003")
async def test_discharge_follows_the_setpoint_and_the_light_shows_it(stand: Stand) -> None:
    """The backend's setpoint makes the car charge, discharge, rest, and discharge again; the light tells which."""
    car, eye, pixit = stand.car, stand.bench.light, stand.pixit
    charge_w = round(min(3000, 0.8 * (pixit.rated_charge_w or 3750)))  # within what the charger is rated for
    out_w = round(min(5000, 0.8 * (pixit.rated_discharge_w or 6250)))
    again_w = round(0.6 * out_w)
    following = partial(stand.claim.during, setpoints.setpoint_followed, group="setpoint")
    await stand.settings.pauses_are_no_end()
    async with stand.step("free, then a car that charges"):
        await eye.observe(for_s=0.6)
        async with car.session("BPT", "Dynamic"):
            charge = await car.central_setpoint(f"{charge_w} W")
            await car.settles(near=f"{charge_w} W")
            stand.claim.control(setpoints.setpoint_followed, "OCPP-Q04.P001", limit=charge.call, group="setpoint")
            async with stand.step(f"{out_w} W to the grid"):
                out = await car.central_setpoint(f"-{out_w} W")
                with following("OCPP-Q04.P001", limit=out.call):
                    await car.settles(near=f"-{out_w} W")
                    await eye.observe(for_s=stand.limit_s("follow"))
            async with stand.step("rest"):
                rest = await car.central_setpoint("0 W")
                with following("OCPP-Q04.P002", limit=rest.call):
                    await car.settles(near="0 W")
            async with stand.step(f"{again_w} W to the grid"):
                again = await car.central_setpoint(f"-{again_w} W")
                with following("OCPP-Q04.P003", limit=again.call):
                    await car.settles(near=f"-{again_w} W")
        await eye.observe(for_s=stand.limit_s("follow") + 0.5)
    stand.claim(light.shows_export, "LIGHT-V2X.P001", group="light")
    stand.claim(light.silent_otherwise, "LIGHT-V2X.P002", group="light")
    stand.claim(light.distinct, "LIGHT-V2X.P003", group="light")
