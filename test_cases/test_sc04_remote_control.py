"""SC-04: the backend controls the charging power remotely, in near real time."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import timing
from harness.judge.power import metering, sampled, setpoints


@serves("OCPP-K01.P001", "OCPP-K01.P002", "OCPP-K01.P003", "OCPP-K01.P004")
async def test_current_follows_the_limit_down_to_zero_and_up_again(stand: Stand) -> None:
    """During charge, a limit is reduced, set to zero and raised; the current follows in time and stays."""
    at = await stand.settings.rate_unit()
    await stand.settings.pauses_are_no_end()
    async with stand.step("the car draws more than the limit to come"):
        await stand.car.charge(at_least="13 A")  # one for 16 A gets there, also when it keeps a little below
        stand.claim.control(setpoints.draws_at_least, "OCPP-K01.P002", value=13, unit="A")
    async with stand.step("reduce to 10.1 A"):  # a decimal shows whether limits are rounded up
        reduced = await stand.station.set_charging_profile(limit=at(10.1))
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P002", limit=reduced.call):
            await stand.car.settles(at_most=at(10.1))
    async with stand.step("reduce to zero"):
        zero = await stand.station.set_charging_profile(limit=at(0))
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P003", limit=zero.call):
            await stand.car.settles(at_most="0 A")
    async with stand.step("allow 13 A again"):
        raised = await stand.station.set_charging_profile(limit=at(13))
        with stand.claim.during(setpoints.rises_to, "OCPP-K01.P004", limit=raised.call, value=at.number(11)):
            await stand.car.settles(at_least=at(11), at_most=at(13))
    stand.claim(timing.answered, "OCPP-K01.P001", calls=[a.call.seq for a in (reduced, zero, raised)])


@serves("OCPP-K01.P102")
async def test_a_limit_stays_in_force(stand: Stand) -> None:
    """A limit that nobody repeats goes on binding."""
    await stand.car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=13, unit="A")
    async with stand.step("9 A, and then not a word"):
        at = await stand.settings.rate_unit()
        limit = await stand.station.set_charging_profile(limit=at(9))
        with stand.claim.during(setpoints.limit_holds, limit=limit.call, hold="long_dwell"):
            await stand.car.settles(at_most=at(9), hold="long_dwell")


@serves("OCPP-K01.P103")
async def test_charging_resumes_each_time(stand: Stand) -> None:
    """The power is taken away and given again, again and again in one session."""
    at = await stand.settings.rate_unit()
    await stand.settings.pauses_are_no_end()
    await stand.car.charge(at_least="11 A")
    for turn in range(round(stand.limit_s("resumes"))):
        async with stand.step(f"nothing, then 13 A: turn {turn + 1}"):
            await stand.station.set_charging_profile(limit=at(0))
            await stand.car.settles(at_most="0 A")
            raised = await stand.station.set_charging_profile(limit=at(13))
            with stand.claim.during(setpoints.rises_to, limit=raised.call, value=at.number(11)):
                await stand.car.settles(at_least=at(11), at_most=at(13))


@serves("OCPP-K01.P104", "OCPP-K01.P105")
async def test_a_schedule_is_followed_step_by_step(stand: Stand) -> None:
    """9, 7 and 9.5 A one after the other, then the station's 12 A; then 8 A for a while, and 12 A again."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    gap_s = round(stand.limit_s("response") + stand.limit_s("dwell")) + 3
    await car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=13, unit="A")
    outer = await station.set_charging_profile(limit=at(12), purpose="ChargingStationMaxProfile")
    over = partial(stand.claim.during, setpoints.rises_to_other, "OCPP-K01.P105", limit=outer.call, value=at.number(11))
    steps = [(0, at(9)), (60 + gap_s, at(7)), (60 + 2 * gap_s, at(9.5))]  # schedules begin a minute in the past
    plan = await station.set_charging_profile(periods=steps, duration_s=60 + 3 * gap_s)
    async with stand.step("the first step"):
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P104", limit=plan.call):
            await car.settles(at_most=at(9))
    async with stand.step("the second step"):
        await stand.until_after(plan.call, gap_s, "the second step begins")
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P104", limit=plan.call, period=1):
            await car.settles(at_most=at(7))
    async with stand.step("the third step"):
        await stand.until_after(plan.call, 2 * gap_s, "the third step begins")
        value = at.number(8.5)
        with stand.claim.during(setpoints.rises_to, "OCPP-K01.P104", limit=plan.call, period=2, value=value):
            await car.settles(at_least=at(8.5), at_most=at(9.5))
    async with stand.step("the schedule is over"):
        await stand.until_after(plan.call, 3 * gap_s, "the schedule's duration is over")
        with over(ended=plan.call):
            await car.settles(at_least=at(11), at_most=at(12))
    async with stand.step("8 A, valid for a while"):
        short = await station.set_charging_profile(limit=at(8), valid_to=stand.time_in(gap_s))
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P105", limit=short.call):
            await car.settles(at_most=at(8))
        await stand.until_after(short.call, gap_s, "the profile is valid no longer")
        with over(ended=short.call):
            await car.settles(at_least=at(11), at_most=at(12))


@serves("OCPP-K01.P007")
async def test_limits_are_answered_in_time(stand: Stand) -> None:
    """With no car there, limits for sessions to come are answered in time and accepted."""
    at = await stand.settings.rate_unit()
    async with stand.step("10 A, nothing, and 13 A for sessions to come"):
        answers = [await stand.station.set_charging_profile(limit=at(amps)) for amps in (10, 0, 13)]
    stand.claim(timing.answered, calls=[a.call.seq for a in answers])


@serves("OCPP-K01.P005")
async def test_power_follows_a_limit_in_watts(stand: Stand) -> None:
    """During charge, a limit in W binds the total power within the response time."""
    limit_w = round(8 * stand.pixit.nominal_v * stand.pixit.phases)
    async with stand.step("the car draws more than the limit to come"):
        await stand.car.charge(at_least="12 A")
        stand.claim.control(setpoints.draws_at_least, value=limit_w * 1.3, unit="W")
    async with stand.step(f"limit to {limit_w} W"):
        limit = await stand.station.set_charging_profile(power=f"{limit_w} W")
        with stand.claim.during(setpoints.limit_holds, limit=limit.call):
            await stand.car.settles(at_most=f"{limit_w} W")


@serves("OCPP-K01.P006")
async def test_a_limit_set_before_charging_binds_from_the_start(stand: Stand) -> None:
    """A limit that the backend set while no car was there binds as soon as one charges."""
    at = await stand.settings.rate_unit()
    async with stand.step("set 9 A while nobody charges"):
        await stand.car.rests()
        limit = await stand.station.set_charging_profile(limit=at(9))
    async with stand.step("a car comes and charges"):
        with stand.claim.during(setpoints.never_above, limit=limit.call):
            await stand.car.charge(at_least="7 A")
            await stand.car.settles(at_most=at(9))
    async with stand.step("the control: without the limit the same car draws more"):
        await stand.station.clear_charging_profile(purpose="TxDefaultProfile")
        await stand.if_it_comes(stand.car.draws(at_least="13 A"))
        stand.claim.control(setpoints.draws_at_least, value=13, unit="A")


@serves("OCPP-J02.P001")
async def test_reported_power_agrees_with_the_meter(stand: Stand) -> None:
    """While a car charges steadily, the power that the charger reports is what the bench's meter shows."""
    every = await stand.settings.reported_each_second("Power.Active.Import")
    async with stand.step("a car charges steadily") as charging:
        await stand.car.charge(at_least="6 A")
        await stand.bench.meter.observe(for_s=4)
    stand.claim(metering.reported_agrees, since=charging, every=every and every.call)


@serves("OCPP-J02.P101", "OCPP-J02.P111")
async def test_reported_power_agrees_while_a_car_discharges(stand: Stand) -> None:
    """While a car gives power to the grid, the charger reports that power, and in that direction."""
    for measurand in ("Current.Import", "Current.Export"):
        await stand.settings.include("SampledDataCtrlr", "TxUpdatedMeasurands", measurand)
    every = await stand.settings.reported_each_second("Power.Active.Import", "Power.Active.Export")
    async with stand.step("3 kW to the grid") as exporting, stand.car.session():
        await stand.car.central_setpoint("-3000 W")
        await stand.if_it_comes(stand.car.exports("2500 W"))
        flows = stand.mark()
        await stand.bench.meter.observe(for_s=6)
        stand.claim(sampled.current_to_the_grid, "OCPP-J02.P111", since=flows)
    every_call = every and every.call
    stand.claim(metering.reported_agrees, "OCPP-J02.P101", since=exporting, every=every_call, by_direction=True)


@serves("OCPP-K01.P101")
async def test_a_limit_of_zero_binds_in_a_session_by_iso_15118(stand: Stand) -> None:
    """Where car and charger speak ISO 15118, a limit of zero stops the power just as it does by the pilot."""
    async with stand.car.session():
        await stand.if_it_comes(stand.car.draws(at_least="1500 W"))
        stand.claim.control(setpoints.draws_at_least, value=1500, unit="W")
        async with stand.step("reduce to zero"):
            zero = await stand.station.set_charging_profile(limit=(await stand.settings.rate_unit())(0))
            with stand.claim.during(setpoints.limit_holds, limit=zero.call):
                await stand.car.settles(at_most="0 W")
