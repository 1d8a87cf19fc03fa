"""BI-16, BI-18 and BI-20.2: setpoints hold for discharging too, and the light shows it."""

from harness.case import needs, takes, verifies
from harness.hands import Bench, Car, Claims, Contract, Pixit, Settings, Steps
from harness.judge import light, setpoints


@verifies("BI-16.1", "BI-16.2", "BI-16.3", "BI-20.2", "BI-18.1", "BI-18.2", "BI-18.3")
@needs(ocpp="2.1", station="v2x", ev="iso15118", bench="meter pilot light")
@takes(6, dwells=4)
async def test_discharge_follows_the_setpoint_and_the_light_shows_it(
    ev: Car, bench: Bench, step: Steps, claim: Claims, contract: Contract, pixit: Pixit, settings: Settings
) -> None:
    """The backend's setpoint makes the car charge, discharge, rest, and discharge again; the light tells which."""
    charge_w = round(min(3000, 0.8 * (pixit.rated_charge_w or 3750)))  # within what the charger is rated for
    out_w = round(min(5000, 0.8 * (pixit.rated_discharge_w or 6250)))
    again_w = round(0.6 * out_w)
    await settings.pauses_are_no_end()
    async with step("free, then a car that charges"):
        await bench.light.observe(for_s=0.6)
        async with ev.session("BPT", "Dynamic"):
            charge = await ev.central_setpoint(f"{charge_w} W")
            await ev.settles(near=f"{charge_w} W")
            claim.control(setpoints.setpoint_followed, "BI-16.1", limit=charge.call, group="setpoint")
            async with step(f"{out_w} W to the grid"):
                out = await ev.central_setpoint(f"-{out_w} W")
                await ev.settles(near=f"-{out_w} W")
                await bench.light.observe(for_s=contract["light.follow_time"])
                claim(setpoints.setpoint_followed, "BI-16.1", limit=out.call, group="setpoint")
                claim(setpoints.setpoint_followed, "BI-20.2", limit=out.call, group="setpoint")
            async with step("rest"):
                rest = await ev.central_setpoint("0 W")
                await ev.settles(near="0 W")
                claim(setpoints.setpoint_followed, "BI-16.2", limit=rest.call, group="setpoint")
            async with step(f"{again_w} W to the grid"):
                again = await ev.central_setpoint(f"-{again_w} W")
                await ev.settles(near=f"-{again_w} W")
                claim(setpoints.setpoint_followed, "BI-16.3", limit=again.call, group="setpoint")
        await bench.light.observe(for_s=contract["light.follow_time"] + 0.5)
    claim(light.shows_export, "BI-18.1", group="light")
    claim(light.silent_otherwise, "BI-18.2", group="light")
    claim(light.distinct, "BI-18.3", group="light")
