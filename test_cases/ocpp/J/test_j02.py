"""J02: meter values of a session."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import metering, sampled


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
