"""K01: limits that are kept, and those that end: over resets, without the backend, from one session to the next."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import later, setpoints

PAUSE_S = 5  # long enough to be told as a pause


@serves("OCPP-K01.P201")
async def test_limits_outlive_a_reset(stand: Stand) -> None:
    """9 A for sessions, then for the station; a reset that may wait, and one in the middle of a session."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    for purpose, how in (("TxDefaultProfile", "OnIdle"), ("ChargingStationMaxProfile", "Immediate")):
        await car.rests()
        limit = await station.set_charging_profile(limit=at(9), purpose=purpose)
        with stand.claim.during(setpoints.never_above, limit=limit.call, group=purpose):
            async with stand.step(f"9 A as {purpose}, and a reset {how}"):
                if how == "Immediate":
                    await car.charge(at_least="7 A")
                reset = await stand.restarted(how)
                await car.leave()
            async with stand.step("a session after it"):
                await stand.if_it_comes(car.charge(at_least="7 A"))
                await car.settles(at_most=at(9))
        stand.claim.control(answers.says, call=reset.call, accept=["Accepted"], group=purpose)
        async with stand.step("the control: without it the same car draws more"):
            await station.clear_charging_profile(purpose=purpose)
            await stand.if_it_comes(car.draws(at_least="13 A"))
            stand.claim.control(setpoints.draws_at_least, value=13, unit="A", group=purpose)
        await car.leave()


@serves("OCPP-K01.P202")
async def test_a_limit_stays_while_the_backend_is_away(stand: Stand) -> None:
    """9 A for the session; the network goes, for long, and comes back."""
    at = await stand.settings.rate_unit()
    await stand.settings.quick_reconnect()
    await stand.car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=at.number(13), unit=at.name)
    limit = await stand.station.set_charging_profile(limit=at(9), purpose="TxProfile")
    with stand.claim.during(setpoints.limit_holds, limit=limit.call):
        await stand.car.settles(at_most=at(9))
        async with stand.step("the network is cut"):
            await stand.csms.network.cut("reset")
            await stand.dwell("long_dwell", "the backend is away")
        async with stand.step("the network returns"):
            await stand.csms.network.restore()
            await stand.if_it_comes(stand.station.until_connected(within_s=stand.pixit.reconnect_s))
            await stand.car.settles(at_most=at(9))


@serves("OCPP-K01.P203")
async def test_a_session_s_limit_ends_with_it(stand: Stand) -> None:
    """0 A for a session, and the next car draws more; 7 A for one, and so does the same car, still plugged in."""
    car, at = stand.car, await stand.settings.rate_unit()
    await stand.settings.pauses_are_no_end()
    async with stand.step("a session with 0 A; then another car"):
        await car.charge(at_least="13 A")
        zero = await stand.station.set_charging_profile(limit=at(0), purpose="TxProfile")
        stand.claim.control(answers.says, call=zero.call, accept=["Accepted"], group="next car")
        await car.rests()
        await car.leave()
        await stand.if_it_comes(car.charge(at_least="13 A"))
        stand.claim(setpoints.draws_at_least, value=13, unit="A", group="next car")
    async with stand.step("7 A for this one; it ends, and the next one begins with the plug still in"):
        low = await stand.station.set_charging_profile(limit=at(7), purpose="TxProfile")
        stand.claim.control(answers.says, call=low.call, accept=["Accepted"], group="same car")
        await car.settles(at_most=at(7))
        await car.end_session_in_place()
        await car.rests()
        start = await car.start_again()
        stand.claim.control(answers.says, call=start.call, accept=["Accepted"], group="same car")
        await stand.if_it_comes(car.draws(at_least="13 A"))
        stand.claim(setpoints.draws_at_least, value=13, unit="A", group="same car")


@serves("OCPP-K01.P204")
async def test_a_limit_binds_on_after_a_pause(stand: Stand) -> None:
    """9 A; the car pauses and goes on, three times."""
    car, at = stand.car, await stand.settings.rate_unit()
    await stand.settings.pauses_are_no_end()
    await car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=at.number(13), unit=at.name)
    limit = await stand.station.set_charging_profile(limit=at(9))
    with stand.claim.during(setpoints.limit_holds, limit=limit.call):
        await car.settles(at_most=at(9))
        for turn in (1, 2, 3):
            async with stand.step(f"pause {turn}"):
                await car.stop_drawing()
                await car.rests()
                await stand.bench.pilot.ready()
                await stand.if_it_comes(car.draws(at_least="7 A"))
                await car.settles(at_most=at(9))
    stand.claim.control(setpoints.draws_at_least, value=6, unit="A")


@serves("OCPP-K01.P143")
async def test_a_relative_schedule_goes_on_over_a_pause(stand: Stand) -> None:
    """13 A, and 8 A from some seconds after the session's begin; the car pauses and goes on: it stays at 8 A."""
    car, pilot, at, second_s = stand.car, stand.bench.pilot, await stand.settings.rate_unit(), 15
    await stand.settings.pauses_are_no_end()
    await car.rests()
    plan = await stand.station.set_charging_profile(periods=[(0, at(13)), (second_s, at(8))], kind="Relative")
    stand.claim.control(answers.says, call=plan.call, accept=["Accepted"])
    await car.charge(at_least="10 A")
    stand.claim.control(setpoints.draws_at_least, value=10, unit="A")
    flows = stand.mark()
    await stand.until_after(flows, second_s + stand.limit_s("response"), "the second step has begun")
    for turn in (0, 1, 2):
        async with stand.step(f"8 A after {turn} pauses"):
            if turn:
                await car.stop_drawing()
                await car.rests()
                await stand.bench.meter.observe(for_s=PAUSE_S)
                await pilot.ready()
                await stand.if_it_comes(car.draws(at_least="6 A"))
            held = stand.mark()
            await stand.bench.meter.observe(for_s=stand.limit_s("dwell") + 2)
            stand.claim(later.stays_under, limit=plan.call, since=held, period=1)
