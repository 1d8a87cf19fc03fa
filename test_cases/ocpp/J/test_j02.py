"""J02: meter values of a session."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import energy, metering, sampled
from test_cases.test_sc04_energy import FLOWS_S, RESTS_S, SAMPLED


@serves("OCPP-J02.P002", "OCPP-J02.P105", "OCPP-J02.P106")
async def test_reported_power_keeps_to_the_meter(stand: Stand) -> None:
    """Over half a minute of steady charging, the power that the charger reports stays what the bench's meter shows."""
    told = ("Power.Active.Import", "Energy.Active.Import.Register", "Current.Import")
    every = await stand.settings.reported_each_second(*told)
    async with stand.step("a car charges steadily for half a minute") as charging:
        await stand.car.charge(at_least="6 A")
        await stand.bench.meter.observe(for_s=28)
    stand.claim(metering.reported_agrees, "OCPP-J02.P002", since=charging, every=every and every.call)
    stand.claim(sampled.every_phase, "OCPP-J02.P105", since=charging)
    await stand.car.leave()
    await stand.quiet(within_s=5)
    stand.claim(sampled.at_their_time, "OCPP-J02.P106", since=charging, every=every and every.call)


@serves("OCPP-J02.P109")
async def test_what_flows_between_two_samples_is_billed(stand: Stand) -> None:
    """The register is told when a session begins and ends alone; it ends by the car, by a stop, and in a reset."""
    car, registers = stand.car, "Energy.Active.Import.Register"
    for when in SAMPLED:
        await stand.settings.include("SampledDataCtrlr", when, registers)
    await stand.settings.change("SampledDataCtrlr", "TxUpdatedInterval", "900")
    await stand.settings.pauses_are_no_end()
    for by in ("the car", "a stop", "a reset"):
        async with stand.step(f"a session that {by} ends") as begin:
            await car.charge(at_least="6 A")
            await stand.bench.meter.observe(for_s=FLOWS_S)
            await car.stop_drawing()
            await stand.bench.meter.observe(for_s=RESTS_S)
            if by == "a reset":
                reset = await stand.restarted()
                stand.claim.control(answers.says, call=reset.call, accept=["Accepted"], group=by)
            await (car.unplug() if by == "the car" else car.leave())
            await stand.until_the_end_is_told(since=begin)
            await car.leave()
            await stand.quiet(within_s=5)
        stand.claim(energy.register_agrees, since=begin, way="import", group=by)


@serves("OCPP-J02.P110")
async def test_each_session_is_sampled(stand: Stand) -> None:
    """One second apart: in the second session of one plug, and in one that begins after a reset with the plug in."""
    car, told = stand.car, "Power.Active.Import"
    every = await stand.settings.reported_each_second(told)
    await car.charge(at_least="6 A")
    for after in ("a session that was stopped", "a reset"):
        async with stand.step(f"with the plug in, a session after {after}") as begin:
            await (car.end_session_in_place() if after != "a reset" else stand.restarted())
            if await stand.settings.read("SampledDataCtrlr", "TxUpdatedInterval") != "1":
                every = await stand.settings.reported_each_second(told)
            await stand.bench.pilot.not_ready()
            await car.authorise()
            await stand.bench.pilot.ready()
            await stand.if_it_comes(car.draws(at_least="6 A"))
            await stand.bench.meter.observe(for_s=8)
        stand.claim(metering.reported_agrees, since=begin, every=every and every.call, group=after)
