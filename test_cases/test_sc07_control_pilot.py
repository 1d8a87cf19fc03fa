"""SC-07: the control pilot and the voltage at the car's contacts, mode 3."""

from harness.case import needs, takes, verifies
from harness.hands import Bench, Car, Claims, Contract, IfItComes, Marked, Settings, Station, Steps
from harness.judge import pilot


@verifies("SC-07.2", "SC-07.3", "SC-07.4", "SC-07.5", "SC-07.8")
@needs(station="mode_3", bench="pilot meter")
@takes(6)
async def test_voltage_follows_the_pilot(
    station: Station,
    ev: Car,
    bench: Bench,
    step: Steps,
    claim: Claims,
    marked: Marked,
    if_it_comes: IfItComes,
    settings: Settings,
) -> None:
    """No voltage without a ready car; voltage in state C; the duty cycle tells the limit; off when the car leaves C."""
    at = await settings.rate_unit()
    async with step("no car, then a car that is not ready") as begin:
        await bench.pilot.observe(for_s=0.8)
        await ev.plug_in()
        await bench.pilot.observe(for_s=1.0)
        claim(pilot.no_voltage_in, "SC-07.2", states=["A", "B"], since=begin)
    async with step("the car is ready and may charge"):
        await station.set_charging_profile(limit=at(13))
        await if_it_comes(ev.charge(at_least="10 A"))
        claim(pilot.energised_in_c, "SC-07.3", since=begin)
        await bench.pilot.observe(for_s=1.2)
        claim(pilot.duty_advertises, "SC-07.4", current_a=13)
    async with step("the car is no longer ready"):
        left = await marked(bench.pilot.not_ready(), "bench.action")
        await bench.pilot.observe(for_s=1.0)
        claim(pilot.switches_off, "SC-07.5", since=left, within="pilot.switch_off_time")
        claim(pilot.switches_off, "SC-07.8", since=left, within="SC-07.8")


@verifies("SC-07.6", "SC-07.9")
@needs(station="mode_3", bench="pilot meter")
@takes(4)
async def test_voltage_goes_on_a_pilot_fault(
    station: Station,
    ev: Car,
    bench: Bench,
    step: Steps,
    claim: Claims,
    contract: Contract,
    marked: Marked,
    if_it_comes: IfItComes,
) -> None:
    """A pilot shorted to earth, and a car without its diode, take the voltage away."""
    for kind, words in (("E", "the pilot is shorted to earth"), ("diode", "the car's diode is missing")):
        async with step(words):
            await ev.charge(at_least="6 A")
            fault = await marked(bench.pilot.fault(kind), "bench.action")
            await if_it_comes(
                bench.pilot.until(
                    lambda values: not values["mains_on"],
                    what="the voltage is off",
                    within_s=contract["pilot.fault_off_time"] + 0.5,
                )
            )
            await bench.pilot.observe(for_s=0.5)
            claim(pilot.switches_off, "SC-07.6", since=fault, within="pilot.fault_off_time")
            claim(pilot.switches_off, "SC-07.9", since=fault, within="SC-07.9")
            await bench.pilot.clear_fault()
            await ev.leave()
