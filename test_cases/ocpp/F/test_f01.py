"""F01: starting from afar, with a limit for the session."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import setpoints


@serves("OCPP-F01.P101", "OCPP-F01.P102")
async def test_the_limit_that_comes_with_a_start_binds_its_session(stand: Stand) -> None:
    """9 A with the start itself, of either kind; without it the car draws more. What is no such limit is refused."""
    car, at = stand.car, await stand.settings.rate_unit()
    for kind in ("Relative", "Absolute"):
        async with stand.step(f"a start with 9 A, {kind}"):
            await car.rests()
            start = await car.start_with(limit=at(9), kind=kind)
            stand.claim(answers.says, "OCPP-F01.P101", call=start.call, accept=["Accepted"])
            stand.claim.control(answers.says, "OCPP-F01.P102", call=start.call, accept=["Accepted"])
            if not start.accepted:  # what it refused, it need not follow
                await car.leave()
                continue
            with stand.claim.during(setpoints.never_above, "OCPP-F01.P101", limit=start.call, group=kind):
                await stand.if_it_comes(car.draws(at_least="7 A"))
                await car.settles(at_most=at(9))
        async with stand.step("the control: without it the same car draws more"):
            await stand.station.clear_charging_profile(purpose="TxProfile")
            await stand.if_it_comes(car.draws(at_least="13 A"))
            stand.claim.control(setpoints.draws_at_least, "OCPP-F01.P101", value=13, unit="A", group=kind)
            await car.leave()
    async with stand.step("a start with a limit that is for the whole station"):
        bad = await car.start_with(limit=at(9), purpose="ChargingStationMaxProfile")
        stand.claim(answers.says, "OCPP-F01.P102", call=bad.call, accept=["Rejected"])
        await car.leave()
