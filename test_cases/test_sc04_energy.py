"""SC-04.7: what a session is billed by, against the reference meter."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import energy

FLOWS_S, RESTS_S = 12, 3  # at rest it does not matter at which moment a register was read
SAMPLED = ("TxStartedMeasurands", "TxUpdatedMeasurands", "TxEndedMeasurands")


async def tell_registers(stand: Stand, *registers: str) -> None:
    """Have these registers told when a session begins, each second, and when it ends."""
    for when in SAMPLED:
        for register in registers:
            await stand.settings.include("SampledDataCtrlr", when, register)
    await stand.settings.reported_each_second(*registers)


@serves("OCPP-J02.P103")
async def test_the_energy_of_a_session_is_what_the_meter_saw(stand: Stand) -> None:
    """Two sessions, each from plugging in to unplugging."""
    await tell_registers(stand, "Energy.Active.Import.Register")
    await stand.settings.pauses_are_no_end()
    for which in ("one session", "the next"):
        async with stand.step(which) as begin:
            await stand.car.charge(at_least="6 A")
            await stand.bench.meter.observe(for_s=FLOWS_S)
            await stand.car.stop_drawing()
            await stand.bench.meter.observe(for_s=RESTS_S)
            await stand.car.leave()
            await stand.quiet(within_s=5)
        stand.claim(energy.register_agrees, since=begin, way="import")


@serves("OCPP-J02.P104")
async def test_the_energy_to_the_grid_is_what_the_meter_saw(stand: Stand) -> None:
    """3 kW to the car, 5 kW to the grid, and rest; each register for itself."""
    await tell_registers(stand, "Energy.Active.Import.Register", "Energy.Active.Export.Register")
    await stand.settings.pauses_are_no_end()
    async with stand.step("to the car, and to the grid") as begin, stand.car.session():
        for watts in (3000, -5000, 0):
            await stand.car.central_setpoint(f"{watts} W")
            await stand.bench.meter.observe(for_s=FLOWS_S if watts else RESTS_S + 2)
    await stand.car.leave()
    await stand.quiet(within_s=5)
    for way in ("import", "export"):
        stand.claim(energy.register_agrees, since=begin, way=way)


@serves("OCPP-J02.P107")
async def test_energy_is_counted_while_the_backend_is_away(stand: Stand) -> None:
    """A session during which the network goes and comes back; most of its energy flows meanwhile."""
    await tell_registers(stand, "Energy.Active.Import.Register")
    await stand.settings.pauses_are_no_end()
    await stand.settings.quick_reconnect()
    async with stand.step("a session with an outage") as begin:
        await stand.car.charge(at_least="6 A")
        await stand.car.until_the_session_is_told()
        await stand.csms.network.cut("reset")
        await stand.bench.meter.observe(for_s=FLOWS_S)
        await stand.csms.network.restore()
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.pixit.reconnect_s))
        await stand.car.stop_drawing()
        await stand.bench.meter.observe(for_s=RESTS_S)
        await stand.car.leave()
        await stand.quiet(within_s=5)
    stand.claim(energy.register_agrees, since=begin, way="import")


@serves("OCPP-J02.P108")
async def test_the_energy_of_a_session_that_a_reset_ends_is_told(stand: Stand) -> None:
    """A car charges and the charger is reset; what the session's last event tells is what the meter saw until then."""
    await tell_registers(stand, "Energy.Active.Import.Register")
    await stand.settings.pauses_are_no_end()
    async with stand.step("a session that ends with a reset") as begin:
        await stand.car.charge(at_least="6 A")
        await stand.bench.meter.observe(for_s=FLOWS_S)
        await stand.car.stop_drawing()
        await stand.bench.meter.observe(for_s=RESTS_S)
        reset = await stand.restarted()
        await stand.car.leave()
        await stand.quiet(within_s=5)
    stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
    stand.claim(energy.register_agrees, since=begin, way="import")
