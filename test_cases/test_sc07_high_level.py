"""SC-07 while car and charger speak ISO 15118-20: a fault of the pilot, a car that leaves, a plug that is pulled."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.bench import pilot
from harness.judge.power import power_off, setpoints

AGAIN_S = 3  # for so long after the time to switch off a case looks for what may come back
ASKED_AGAIN_S = 4  # by then the fault stands, and the backend's schedule asks for power again


async def _flows(stand: Stand, watts: int) -> None:
    """That much power flows, in this direction, or most of it."""
    await stand.car.central_setpoint(f"{watts} W")
    least = f"{abs(watts) * 0.8:.0f} W"
    await stand.if_it_comes(stand.car.draws(at_least=least) if watts > 0 else stand.car.exports(least))
    await stand.bench.pilot.observe(for_s=1)


@serves("CP-A.P201")
async def test_a_pilot_fault_ends_the_power_of_a_session(stand: Stand) -> None:
    """A pilot at earth, and a car without its diode, while energy flows to the car and to the grid."""
    wire, watch_s = stand.bench.pilot, stand.limit_s("off") + AGAIN_S
    for kind, watts in (("E", 3000), ("diode", -3000)):
        async with stand.step(f"{kind} at {watts} W"):
            async with stand.car.session():
                await _flows(stand, watts)
                fault = await stand.marked(wire.fault(kind))
                with stand.claim.during(pilot.switches_off, since=fault):
                    await wire.observe(for_s=watch_s)
            await wire.clear_fault()
            await stand.car.leave()


@serves("CP-A.P202")
async def test_a_pilot_fault_in_a_rest_keeps_the_power_away(stand: Stand) -> None:
    """The backend's schedule says nothing for a while, then 3 kW; meanwhile the pilot fails."""
    wire, watch_s = stand.bench.pilot, stand.limit_s("off") + ASKED_AGAIN_S + AGAIN_S
    for kind in ("E", "diode"):
        async with stand.step(f"{kind} at rest"):
            async with stand.car.session():
                await _flows(stand, 3000)
                stand.claim.control(setpoints.draws_at_least, value=2000, unit="W", group=kind)
                await stand.car.central_setpoints([(0, 0), (60 + ASKED_AGAIN_S, 3000)])  # begins a minute in the past
                await stand.if_it_comes(stand.car.rests())
                fault = await stand.marked(wire.fault(kind))
                await wire.observe(for_s=watch_s)
                stand.claim(power_off.stays_away, since=fault, group=kind)
            await wire.clear_fault()
            await stand.car.leave()


@serves("CP-A.P203")
async def test_the_power_of_a_session_goes_with_the_car(stand: Stand) -> None:
    """The car opens its contact without a word, and its plug is torn out, while energy flows either way."""
    wire, car, watch_s = stand.bench.pilot, stand.car, stand.limit_s("off") + AGAIN_S
    for how, watts in (("state B", 3000), ("torn out", -3000)):
        async with stand.step(f"{how} at {watts} W"):
            async with car.session():
                await _flows(stand, watts)
                left = await stand.marked(wire.not_ready() if how == "state B" else car.tear_out())
                with stand.claim.during(power_off.goes, since=left):
                    await wire.observe(for_s=watch_s)
            await car.leave()
