"""SC-07 in DC sessions by ISO 15118-20: the voltage at the car's contacts, and a car that falls silent."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import power_off
from harness.judge.v2g import volts
from harness.trace import Event

AGAIN_S = 3  # for so long after the time that is agreed a case looks for what may come back, or stay


async def _flows(stand: Stand, watts: int) -> None:
    """That much power flows, in this direction, or most of it."""
    await stand.car.central_setpoint(f"{watts} W")
    least = f"{abs(watts) * 0.8:.0f} W"
    await stand.if_it_comes(stand.car.draws(at_least=least) if watts > 0 else stand.car.exports(least))


async def _voltage_goes(stand: Stand, purpose: str, since: Event, how: str) -> None:
    """The plug stays in until the voltage had its time to go."""
    with stand.claim.during(volts.gone, purpose, since=since, group=how):
        await stand.bench.meter.observe(for_s=stand.limit_s("gone") + AGAIN_S)


@serves("CP-A.P210", "CP-A.P212")
async def test_the_voltage_of_dc_sessions(stand: Stand) -> None:
    """A car that takes its time in pre-charge and breaks off there; one that pauses, and one that stops."""
    begin = stand.mark()
    async with stand.step("pre-charge, held for a while, and broken off"):
        async with stand.car.visit("cable_check") as car:
            await car.pre_charge()
        await _voltage_goes(stand, "CP-A.P212", stand.mark(), "broken off")
        await stand.car.leave()
    for ending in ("Pause", "Terminate"):
        async with stand.step(f"a session that ends with {ending}"):
            async with stand.car.session() as session:
                await _flows(stand, 3000)
                await session.stop(ending)
            await _voltage_goes(stand, "CP-A.P212", stand.mark(), ending)
            await stand.car.leave()
    stand.claim(volts.tested, "CP-A.P210", since=begin)


@serves("CP-A.P213")
async def test_the_power_of_a_silent_car_goes(stand: Stand) -> None:
    """Its controller hangs in the charge loop: the pilot stays in state C, and no message comes."""
    watch_s = stand.limit_s("off") + AGAIN_S
    for watts in (3000, -3000):
        how = f"silent at {watts} W"
        async with stand.step(how):
            async with stand.car.session() as session:
                await _flows(stand, watts)
                async with session.between_cycles():
                    silent = stand.mark()
                    with stand.claim.during(power_off.goes, "CP-A.P213", since=silent, group=how):
                        await stand.bench.meter.observe(for_s=watch_s)
                    await _voltage_goes(stand, "CP-A.P213", stand.mark(), how)
            await stand.car.leave()
