"""PR-15: when several sources limit the charging power, the lowest value counts."""

from harness.case import needs, takes, verifies
from harness.hands import Bench, Car, Claims, Marked, Pixit, Settings, Station, Steps
from harness.judge import composite, setpoints


@verifies("PR-15.1", "PR-15.2", "PR-15.5")
@needs(station="smart_charging", bench="meter pilot")
@takes(3, dwells=2)
async def test_the_lower_of_two_sources_binds(
    station: Station, ev: Car, step: Steps, claim: Claims, pixit: Pixit, settings: Settings
) -> None:
    """The lower of two limits binds; without it the other one does, and no more."""
    at = await settings.rate_unit()
    async with step("the car draws more than both limits to come"):
        await ev.charge(at_least="13 A")  # one for 16 A gets there, also when it keeps a little below what it may
        claim.control(setpoints.draws_at_least, "PR-15.1", value=13, unit="A")
    async with step("two sources: 12 A for the station, 8 A for the session"):
        station_wide = await station.set_charging_profile(limit=at(12), purpose="ChargingStationMaxProfile")
        lower = await station.set_charging_profile(limit=at(8))
        schedule = await station.get_composite_schedule(60, evse_id=pixit.evse_id, unit=at.name)
        claim.control(composite.more_than_one_source, "PR-15.5", call=schedule.call, group="composite")
        claim(
            composite.equals_own_calculation,
            "PR-15.5",
            call=schedule.call,
            phases=pixit.phases,
            nominal_v=pixit.nominal_v,
            group="composite",
        )
        await ev.settles(at_most=at(8))
        claim(setpoints.limit_holds, "PR-15.1", limit=lower.call)
    async with step("the lower one is withdrawn"):
        cleared = await station.clear_charging_profile(purpose="TxDefaultProfile")
        await ev.settles(at_least=at(10), at_most=at(12))
        claim(setpoints.rises_to_other, "PR-15.2", since=cleared.call, limit=station_wide.call, value=at.number(10))


@verifies("PR-15.3")
@needs(station="smart_charging", bench="meter pilot")
@takes(2, dwells=2)
async def test_a_session_limit_takes_the_default_s_place(
    station: Station, ev: Car, step: Steps, claim: Claims, settings: Settings
) -> None:
    """A limit for the running session replaces the default for sessions, also when it is higher."""
    at = await settings.rate_unit()
    async with step("the default for sessions holds the car at 8 A"):
        await ev.rests()
        default = await station.set_charging_profile(limit=at(8))
        await ev.charge(at_least="6 A")
        await ev.settles(at_most=at(8))
        claim.control(setpoints.never_above, limit=default.call)
    async with step("15 A for this session"):
        session = await station.set_charging_profile(limit=at(15), purpose="TxProfile")
        await ev.settles(at_least=at(13), at_most=at(15))
        claim(setpoints.rises_to, limit=session.call, value=at.number(13))


@verifies("PR-15.4")
@needs(station="smart_charging local_energy_management", bench="meter pilot ems")
@takes(3, dwells=1)
async def test_a_local_limit_counts_too(
    station: Station,
    ev: Car,
    bench: Bench,
    step: Steps,
    claim: Claims,
    pixit: Pixit,
    marked: Marked,
    settings: Settings,
) -> None:
    """A limit from the energy management system on site counts together with the backend's."""
    local_w = round(7 * pixit.nominal_v * pixit.phases)
    async with step("the backend allows 14 A"):
        await station.set_charging_profile(limit=(await settings.rate_unit())(14))
        await ev.charge(at_least="11 A")
        claim.control(setpoints.draws_at_least, value=11, unit="A")
    async with step(f"the system on site allows {local_w} W"):
        told = await marked(bench.ems.limit(local_w), "bench.action")
        await ev.settles(at_most=f"{local_w} W")
        claim(setpoints.local_limit_holds, since=told, value=local_w)
