"""K01: limits of zero in every form, and a session's limit beside a lower one for the whole station."""

from functools import partial
from typing import Any

from harness.case import serves
from harness.hands import Stand
from harness.judge.power import composite, setpoints

# (limit, purpose, whether the number of phases is named)
ZEROS = (
    ("0 W", "TxDefaultProfile", False),
    ("0 W", "TxProfile", False),
    ("0 W", "ChargingStationMaxProfile", False),
    ("0 A", "TxProfile", True),
    ("0 A", "ChargingStationMaxProfile", False),
    ("0 W", "TxDefaultProfile", True),
)


@serves("OCPP-K01.P205")
async def test_a_limit_of_zero_binds_in_every_form(stand: Stand) -> None:
    """Watt or ampere, with and without phases, for one session, for all, for the station; the car draws before each."""
    station, car = stand.station, stand.car
    await stand.settings.pauses_are_no_end()
    await car.charge(at_least="6 A")
    for limit, purpose, by_phase in ZEROS:
        phases = stand.pixit.phases if by_phase else None
        name = f"{limit} as {purpose}" + (f" on {phases} phases" if by_phase else "")
        await stand.if_it_comes(car.draws(at_least="6 A"))
        stand.claim.control(setpoints.draws_at_least, value=6, unit="A", group=name)
        async with stand.step(name):
            zero = await station.set_charging_profile(limit=limit, purpose=purpose, number_phases=phases)
            with stand.claim.during(setpoints.limit_holds, limit=zero.call, group=name):
                await car.settles(at_most=limit)
        await station.clear_charging_profile(zero.sent["chargingProfile"]["id"])


@serves("OCPP-K01.P206", "OCPP-K08.P201")
async def test_a_session_s_limit_displaces_none_of_the_station(stand: Stand) -> None:
    """8 A for the station; 14 A for the session, at the lowest and at the highest level; then the station's is gone."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    levels = dict.fromkeys((0, await stand.settings.top_level() or 0))
    await car.charge(at_least="15 A")
    stand.claim.control(setpoints.draws_at_least, value=15, unit="A")
    whole = await station.set_charging_profile(limit=at(8), purpose="ChargingStationMaxProfile")
    with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P206", limit=whole.call):
        await car.settles(at_most=at(8))
        for level in levels:
            async with stand.step(f"14 A for the session, at level {level}"):
                higher = await station.set_charging_profile(limit=at(14), purpose="TxProfile", stack_level=level)
                await car.settles(at_most=at(8))
    schedule = await station.get_composite_schedule(60, evse_id=stand.pixit.evse_id, unit=at.name)
    how: dict[str, Any] = {"phases": stand.pixit.phases, "nominal_v": stand.pixit.nominal_v}
    stand.claim.control(composite.more_than_one_source, "OCPP-K08.P201", call=schedule.call)
    stand.claim(composite.equals_own_calculation, "OCPP-K08.P201", call=schedule.call, **how)
    async with stand.step("the station's limit is cleared"):
        cleared = await station.clear_charging_profile(purpose="ChargingStationMaxProfile")
        rises = partial(stand.claim.during, setpoints.rises_to_other, "OCPP-K01.P206", value=at.number(12))
        with rises(since=cleared.call, limit=higher.call):
            await car.settles(at_least=at(12), at_most=at(14))
