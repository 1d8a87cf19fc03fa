"""BI-16, BI-18 and BI-20.2: setpoints hold for discharging too, and the light shows it."""

from harness.case import needs, takes, verifies
from harness.hands import Bench, Car, Claims, Contract, Steps
from harness.judge import light, setpoints


@verifies("BI-16.1", "BI-16.2", "BI-16.3", "BI-20.2", "BI-18.1", "BI-18.2", "BI-18.3")
@needs(ocpp="2.1", station="v2x", ev="iso15118", bench="meter pilot light")
@takes(6, dwells=4)
async def test_discharge_follows_the_setpoint_and_the_light_shows_it(
    ev: Car, bench: Bench, step: Steps, claim: Claims, contract: Contract
) -> None:
    """The backend's setpoint makes the car charge, discharge, rest, and discharge again; the light tells which."""
    async with step("free, then a car that charges"):
        await bench.light.observe(for_s=0.6)
        async with ev.session("DC_BPT", "Dynamic"):
            charge = await ev.central_setpoint("3000 W")
            await ev.settles(near="3000 W")
            claim.control(setpoints.setpoint_followed, "BI-16.1", limit=charge.call, group="setpoint")
            async with step("5 kW to the grid"):
                out = await ev.central_setpoint("-5000 W")
                await ev.settles(near="-5000 W")
                await bench.light.observe(for_s=contract["light.follow_time"])
                claim(setpoints.setpoint_followed, "BI-16.1", limit=out.call, group="setpoint")
                claim(setpoints.setpoint_followed, "BI-20.2", limit=out.call, group="setpoint")
            async with step("rest"):
                rest = await ev.central_setpoint("0 W")
                await ev.settles(near="0 W")
                claim(setpoints.setpoint_followed, "BI-16.2", limit=rest.call, group="setpoint")
            async with step("3 kW to the grid"):
                again = await ev.central_setpoint("-3000 W")
                await ev.settles(near="-3000 W")
                claim(setpoints.setpoint_followed, "BI-16.3", limit=again.call, group="setpoint")
        await bench.light.observe(for_s=contract["light.follow_time"] + 0.5)
    claim(light.shows_export, "BI-18.1", group="light")
    claim(light.silent_otherwise, "BI-18.2", group="light")
    claim(light.distinct, "BI-18.3", group="light")
