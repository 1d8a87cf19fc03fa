"""E05: a session whose token the backend refuses."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import off, setpoints


@serves("OCPP-E05.P001")
async def test_a_refused_token_gets_no_energy(stand: Stand) -> None:
    """A car charges, and goes; the next session's token is refused when the charger tells of it."""
    allowance = await stand.station.get_variables([("TxCtrlr", "MaxEnergyOnInvalidId")])
    async with stand.step("the control: with its token accepted the car charges"):
        await stand.car.charge(at_least="6 A")
        stand.claim.control(setpoints.draws_at_least, value=5, unit="A")
        await stand.car.leave()
    async with stand.step("the next one's token is refused") as begin, stand.csms.refusing_tokens():
        await stand.if_it_comes(stand.car.charge())
        await stand.bench.meter.observe(for_s=2 * stand.limit_s("response"))
        stand.claim(off.no_power_once_refused, since=begin, allowance=allowance.call)
    await stand.car.leave()
