"""SC-04, once more: in the next session, after a long pause, in schedules of either unit, and without the backend."""

from harness.case import serves
from harness.hands import RateUnit, Stand
from harness.judge.power import setpoints


@serves("OCPP-K01.P106")
async def test_what_is_installed_binds_each_session(stand: Stand) -> None:
    """A limit for sessions, then one for the station, each through two sessions; without them the car draws more."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    for purpose in ("TxDefaultProfile", "ChargingStationMaxProfile"):
        await car.rests()
        limit = await station.set_charging_profile(limit=at(9), purpose=purpose)
        for session in (1, 2):
            async with stand.step(f"session {session} with 9 A as {purpose}"):
                with stand.claim.during(setpoints.never_above, limit=limit.call, group=purpose):
                    await car.charge(at_least="7 A")
                    await car.settles(at_most=at(9))
                if session == 1:
                    await car.leave()
        async with stand.step("the control: without it the same car draws more"):
            await station.clear_charging_profile(purpose=purpose)
            await stand.if_it_comes(car.draws(at_least="13 A"))
            stand.claim.control(setpoints.draws_at_least, value=13, unit="A", group=purpose)
        await car.leave()


async def _through_an_outage(stand: Stand, at: RateUnit) -> None:
    """Steps of 12, 9 and 7 A; the backend is out of reach when the last one begins."""
    gap_s = round(stand.limit_s("response") + stand.limit_s("dwell")) + 3
    await stand.settings.quick_reconnect()
    await stand.car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=at.number(13), unit=at.name)
    steps = [(0, at(12)), (60 + gap_s, at(9)), (60 + 2 * gap_s, at(7))]  # schedules begin a minute in the past
    plan = await stand.station.set_charging_profile(periods=steps)
    for period, (start_s, limit) in enumerate(steps):
        async with stand.step(limit):
            await stand.until_after(plan.call, start_s - 60, "the step begins")
            with stand.claim.during(setpoints.limit_holds, limit=plan.call, period=period):
                await stand.car.settles(at_most=limit)
            if period == 1:
                await stand.csms.network.cut("reset")
    async with stand.step("the network returns"):
        await stand.csms.network.restore()
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.pixit.reconnect_s))


@serves("OCPP-K01.P107")
async def test_a_schedule_goes_on_without_the_backend(stand: Stand) -> None:
    """A schedule is followed step by step, also while the charger is offline."""
    await _through_an_outage(stand, await stand.settings.rate_unit())


@serves("OCPP-K01.P108")
async def test_a_schedule_in_watt_is_followed(stand: Stand) -> None:
    """The same in watt, of all phases together."""
    await _through_an_outage(stand, RateUnit("W", stand.pixit.nominal_v * stand.pixit.phases))


@serves("OCPP-K01.P109")
async def test_charging_resumes_after_a_long_zero(stand: Stand) -> None:
    """The power is taken away for a long time, and given again."""
    at = await stand.settings.rate_unit()
    await stand.settings.pauses_are_no_end()
    await stand.car.charge(at_least="11 A")
    async with stand.step("nothing, for long"):
        await stand.station.set_charging_profile(limit=at(0))
        await stand.dwell("long_dwell", "the power is away for long")
    async with stand.step("13 A again"):
        raised = await stand.station.set_charging_profile(limit=at(13))
        with stand.claim.during(setpoints.rises_to, limit=raised.call, value=at.number(11)):
            await stand.car.settles(at_least=at(11), at_most=at(13))
