"""PR-15: when several sources limit the charging power, the lowest value counts."""

from functools import partial
from typing import Any

from harness.case import serves
from harness.hands import RateUnit, Stand
from harness.judge.power import composite, setpoints

_BESIDE_THE_SITE = (
    ("TxDefaultProfile", True),
    ("ChargingStationMaxProfile", False),
    ("ChargingStationMaxProfile", True),
    ("TxProfile", False),
)


@serves("OCPP-K01.P020", "OCPP-K01.P021", "OCPP-K08.P001")
async def test_the_lower_of_two_sources_binds(stand: Stand) -> None:
    """The lower of two limits binds; without it the other one does, and no more."""
    station, car, pixit = stand.station, stand.car, stand.pixit
    at = await stand.settings.rate_unit()
    async with stand.step("the car draws more than both limits to come"):
        await car.charge(at_least="13 A")  # one for 16 A gets there, also when it keeps a little below what it may
        stand.claim.control(setpoints.draws_at_least, "OCPP-K01.P020", value=13, unit="A")
    async with stand.step("two sources: 12 A for the station, 8 A for the session"):
        station_wide = await station.set_charging_profile(limit=at(12), purpose="ChargingStationMaxProfile")
        lower = await station.set_charging_profile(limit=at(8))
        schedule = await station.get_composite_schedule(60, evse_id=pixit.evse_id, unit=at.name)
        stand.claim.control(composite.more_than_one_source, "OCPP-K08.P001", call=schedule.call, group="composite")
        stand.claim(
            composite.equals_own_calculation,
            "OCPP-K08.P001",
            call=schedule.call,
            phases=pixit.phases,
            nominal_v=pixit.nominal_v,
            group="composite",
        )
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P020", limit=lower.call):
            await car.settles(at_most=at(8))
    async with stand.step("the lower one is withdrawn"):
        cleared = await station.clear_charging_profile(purpose="TxDefaultProfile")
        rises = partial(stand.claim.during, setpoints.rises_to_other, "OCPP-K01.P021", value=at.number(10))
        with rises(since=cleared.call, limit=station_wide.call):
            await car.settles(at_least=at(10), at_most=at(12))


@serves("OCPP-K01.P023")
async def test_the_lower_of_two_binds_in_whatever_unit(stand: Stand) -> None:
    """Watt for the station and ampere for the session: first the one is lower, then the other."""
    station, in_w = stand.station, RateUnit("W", stand.pixit.nominal_v * stand.pixit.phases)
    await stand.car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=13, unit="A")
    async with stand.step("12 A for the session, and what makes 8 A in watt for the station"):
        await station.set_charging_profile(limit="12 A")
        watts = await station.set_charging_profile(limit=in_w(8), purpose="ChargingStationMaxProfile")
        with stand.claim.during(setpoints.limit_holds, limit=watts.call):
            await stand.car.settles(at_most=in_w(8))
    async with stand.step("more watt for the station, and 9 A for the session"):
        await station.set_charging_profile(limit=in_w(16), purpose="ChargingStationMaxProfile")
        await stand.if_it_comes(stand.car.draws(at_least="11 A"))
        amps = await station.set_charging_profile(limit="9 A")
        with stand.claim.during(setpoints.limit_holds, limit=amps.call):
            await stand.car.settles(at_most="9 A")


@serves("OCPP-K08.P003")
async def test_the_composite_schedule_knows_both_units(stand: Stand) -> None:
    """9000 W for the station; 16 A, then 10 A for sessions: asked for in ampere and in watt."""
    station, pixit = stand.station, stand.pixit
    how: dict[str, Any] = {"phases": pixit.phases, "nominal_v": pixit.nominal_v, "rated_a": pixit.rated_current_a}
    watts = round(13 * pixit.nominal_v * pixit.phases)
    await station.set_charging_profile(limit=f"{watts} W", purpose="ChargingStationMaxProfile")
    await station.set_charging_profile(periods=[(0, "16 A"), (120, "10 A")])
    for unit in ("A", "W"):
        answer = await station.get_composite_schedule(120, evse_id=pixit.evse_id, unit=unit)
        stand.claim.control(composite.more_than_one_source, call=answer.call, group=unit)
        stand.claim(composite.equals_own_calculation, call=answer.call, group=unit, **how)


@serves("OCPP-K01.P022")
async def test_a_session_limit_takes_the_default_s_place(stand: Stand) -> None:
    """A limit for the running session replaces the default for sessions, also when it is higher."""
    at = await stand.settings.rate_unit()
    async with stand.step("the default for sessions holds the car at 8 A"):
        await stand.car.rests()
        default = await stand.station.set_charging_profile(limit=at(8))
        await stand.car.charge(at_least="6 A")
        await stand.car.settles(at_most=at(8))
        stand.claim.control(setpoints.never_above, limit=default.call)
    async with stand.step("15 A for this session"):
        session = await stand.station.set_charging_profile(limit=at(15), purpose="TxProfile")
        with stand.claim.during(setpoints.rises_to, limit=session.call, value=at.number(13)):
            await stand.car.settles(at_least=at(13), at_most=at(15))


@serves("SITE-EMS.P001", "SITE-EMS.P005")
async def test_a_local_limit_counts_too(stand: Stand) -> None:
    """A limit from the energy management system on site counts together with the backend's, for as long as it stands.

    It is withdrawn in the same session: what a charger keeps of it would spoil every case that follows, and be named
    by none.
    """
    await stand.settings.hears_the_site()
    local_w = round(9 * stand.pixit.nominal_v * stand.pixit.phases)  # not so low that a charger pauses instead
    at = await stand.settings.rate_unit()
    holds = partial(stand.claim.during, setpoints.local_limit_holds)
    async with stand.step("the backend allows 14 A"):
        backend = await stand.station.set_charging_profile(limit=at(14))
        await stand.car.charge(at_least="11 A")
        stand.claim.control(setpoints.draws_at_least, value=11, unit="A")
    async with stand.step(f"the system on site allows {local_w} W"):
        told = await stand.marked(stand.bench.ems.limit(local_w))
        with holds("SITE-EMS.P001", since=told, value=local_w):
            await stand.car.settles(at_most=f"{local_w} W")
    async with stand.step("the system on site withdraws its limit"):
        gone = await stand.marked(stand.bench.ems.clear())
        rises = partial(stand.claim.during, setpoints.rises_to_other, "SITE-EMS.P005")
        with rises(since=gone, limit=backend.call, value=at.number(12)):
            await stand.car.settles(at_least=at(12), at_most=at(14))
    async with stand.step("the system on site allows nothing"):
        told = await stand.marked(stand.bench.ems.limit(0))
        with holds("SITE-EMS.P001", since=told, value=0):
            await stand.car.settles(at_most="0 W")


@serves("SITE-EMS.P006")
async def test_the_backend_s_limit_outlives_the_site_s(stand: Stand) -> None:
    """Set before the site's limit or while it stands, for one session, for all, or for the station: it binds after."""
    await stand.settings.hears_the_site()
    station, ems, car, at = stand.station, stand.bench.ems, stand.car, await stand.settings.rate_unit()
    local_w = round(9 * stand.pixit.nominal_v * stand.pixit.phases)
    await car.charge(at_least="15 A")
    stand.claim.control(setpoints.draws_at_least, value=15, unit="A")
    for purpose, meanwhile in _BESIDE_THE_SITE:
        async with stand.step(f"14 A as {purpose}, {'while' if meanwhile else 'before'} the site allows {local_w} W"):
            if meanwhile:
                await ems.limit(local_w)
            backend = await station.set_charging_profile(limit=at(14), purpose=purpose)
            if not meanwhile:
                await ems.limit(local_w)
            await car.settles(at_most=f"{local_w} W")
            gone, name = await stand.marked(ems.clear()), f"{purpose} {'meanwhile' if meanwhile else 'before'}"
            rises = partial(stand.claim.during, setpoints.rises_to_other, group=name)
            with rises(since=gone, limit=backend.call, value=at.number(12)):
                await car.settles(at_least=at(12), at_most=at(14))
        await station.clear_charging_profile(backend.sent["chargingProfile"]["id"])


async def _the_lowest_of_three(stand: Stand, of_all: RateUnit) -> None:
    """Station, session and site limit at once: each is the lowest in turn, and a higher one that is newer is not."""
    station, car, site, whole = stand.station, stand.car, stand.bench.ems, "ChargingStationMaxProfile"
    await stand.settings.hears_the_site()
    at, in_w = await stand.settings.rate_unit(), RateUnit("W", stand.pixit.nominal_v * stand.pixit.phases)
    await car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=13, unit="A")
    async with stand.step("15 A for the station, 14 A for the session, and what makes 12 A for the site"):
        await station.set_charging_profile(limit=of_all(15), purpose=whole)
        await station.set_charging_profile(limit=at(14))
        told = await stand.marked(site.limit(in_w.number(12)))
        with stand.claim.during(setpoints.local_limit_holds, since=told, value=in_w.number(12)):
            await car.settles(at_most=in_w(12))
    async with stand.step("10 A for the station"):
        lower = await station.set_charging_profile(limit=of_all(10), purpose=whole)
        with stand.claim.during(setpoints.limit_holds, limit=lower.call):
            await car.settles(at_most=of_all(10))
    async with stand.step("8 A for the session; then more for the station, and for the site"):
        lowest = await station.set_charging_profile(limit=at(8))
        with stand.claim.during(setpoints.limit_holds, limit=lowest.call):
            await car.settles(at_most=at(8))
            await station.set_charging_profile(limit=of_all(14), purpose=whole)
            await site.limit(in_w.number(13))
            await car.settles(at_most=at(8))


@serves("SITE-EMS.P002")
async def test_the_lowest_of_three_binds(stand: Stand) -> None:
    """Limits of station and session in the one unit, and the site's in watt."""
    await _the_lowest_of_three(stand, await stand.settings.rate_unit())


@serves("SITE-EMS.P003")
async def test_the_lowest_of_three_binds_in_whatever_unit(stand: Stand) -> None:
    """The station's in watt, the session's in ampere, the site's in watt."""
    await _the_lowest_of_three(stand, RateUnit("W", stand.pixit.nominal_v * stand.pixit.phases))


@serves("SITE-EMS.P004")
async def test_the_site_s_limit_binds_either_way(stand: Stand) -> None:
    """The site allows less than the backend asks for: to the car, and to the grid."""
    await stand.settings.hears_the_site()
    async with stand.car.session("BPT", "Dynamic"):
        for watts in (3000, -3000):
            wanted = await stand.car.central_setpoint(f"{watts} W")
            await stand.car.settles(near=f"{watts} W")
            stand.claim.control(setpoints.setpoint_followed, limit=wanted.call)
            async with stand.step(f"the site allows half of {watts} W"):
                told = await stand.marked(stand.bench.ems.limit(1500, 1500))
                with stand.claim.during(setpoints.local_limit_holds, since=told, value=1500):
                    await stand.car.settles(near=f"{watts // 2} W")
            await stand.bench.ems.clear()
