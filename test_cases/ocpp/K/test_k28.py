"""K28: limits and setpoints that the backend changes from moment to moment (OCPP 2.1)."""

from functools import partial
from typing import Any

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import composite, later, setpoints

_NUMBER = 4751
_DYNAMIC: dict[str, Any] = {"purpose": "TxProfile", "kind": "Dynamic", "profile_id": _NUMBER}


@serves("OCPP-K28.P101", "OCPP-K28.P104")
async def test_each_update_of_a_limit_is_followed_and_reported(stand: Stand) -> None:
    """12 A, then updated: 8 A, 11 A, 7 A. The meter follows each, and so do the schedule and the profile it reports."""
    station, pixit, at = stand.station, stand.pixit, await stand.settings.rate_unit()
    how: dict[str, Any] = {"phases": pixit.phases, "nominal_v": pixit.nominal_v, "rated_a": pixit.rated_current_a}
    await stand.car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, "OCPP-K28.P101", value=13, unit="A")
    await stand.car.until_the_session_is_told()
    first = await station.set_charging_profile(limit=at(12), **_DYNAMIC)
    stand.claim.control(answers.says, call=first.call, accept=["Accepted"])
    await stand.car.settles(at_most=at(12))
    rises = partial(stand.claim.during, setpoints.rises_to)
    holds = partial(stand.claim.during, setpoints.limit_holds)
    for amps, least in ((8, None), (11, 9.5), (7, None)):
        async with stand.step(f"updated to {at(amps)}"):
            update = await station.update_dynamic_schedule(_NUMBER, limit=at.number(amps))
            if least:
                with rises("OCPP-K28.P101", group="", limit=update.call, value=at.number(least)):
                    await stand.car.settles(at_least=at(least), at_most=at(amps))
            else:
                with holds("OCPP-K28.P101", group="", limit=update.call):
                    await stand.car.settles(at_most=at(amps))
            told = await station.get_composite_schedule(60, evse_id=pixit.evse_id, unit=at.name)
            report = await station.get_charging_profiles(profile_ids=[_NUMBER])
        stand.claim(composite.equals_own_calculation, "OCPP-K28.P104", call=told.call, **how)
        held = {"chargingProfile": {"chargingSchedule": {"chargingSchedulePeriod": {"limit": at.number(amps)}}}}
        call = report.answer.call
        stand.claim(answers.reports, "OCPP-K28.P104", call=call, report="ReportChargingProfiles", holds=held)


@serves("OCPP-K28.P102")
async def test_a_limit_that_is_not_updated_gives_way(stand: Stand) -> None:
    """8 A for sessions, and 13 A for this one, for five seconds after each update: without another, 8 A hold again."""
    station, at, for_s = stand.station, await stand.settings.rate_unit(), 5
    await stand.car.charge(at_least="13 A")
    below = await station.set_charging_profile(limit=at(8))
    await stand.car.until_the_session_is_told()
    above = await station.set_charging_profile(limit=at(13), duration_s=for_s, **_DYNAMIC)
    stand.claim.control(answers.says, call=above.call, accept=["Accepted"])
    await stand.if_it_comes(stand.car.draws(at_least="11 A"))
    async with stand.step("updated once more, and then no longer"):
        last = await station.update_dynamic_schedule(_NUMBER, limit=at.number(12))
        await stand.bench.meter.observe(for_s=for_s - 2)
        stand.claim.control(setpoints.draws_at_least, value=at.number(11), unit=at.name)
        await stand.until_after(last.call, for_s, "the update holds no longer")
        with stand.claim.during(later.holds, limit=below.call, since=last.call, after_s=for_s):
            await stand.car.settles(at_most=at(8))


@serves("OCPP-K28.P103")
async def test_each_update_of_a_setpoint_is_followed(stand: Stand) -> None:
    """3 kW to the grid, then updated: 1.5 kW to the grid, 2 kW to the car, 3 kW to the grid."""
    station = stand.station
    async with stand.car.session("BPT", "Dynamic"):
        first = await stand.car.central_setpoint("-3000 W", kind="Dynamic", profile_id=_NUMBER)
        stand.claim.control(answers.says, call=first.call, accept=["Accepted"])
        await stand.car.settles(near="-3000 W")
        for watts in (-1500, 2000, -3000):
            async with stand.step(f"updated to {watts} W"):
                update = await station.update_dynamic_schedule(_NUMBER, setpoint=f"{watts} W")
                follows = partial(stand.claim.during, setpoints.setpoint_followed, limit=update.call)
                with follows():
                    await stand.car.settles(near=f"{watts} W")


@serves("OCPP-K28.P105")
async def test_an_update_of_what_is_not_dynamic_is_refused(stand: Stand) -> None:
    """One update, twice: of a profile that is Dynamic, and of one that is Absolute."""
    station, at = stand.station, await stand.settings.rate_unit()
    for kind in ("Dynamic", "Absolute"):
        await station.set_charging_profile(limit=at(12), kind=kind, profile_id=_NUMBER)
        update = await station.update_dynamic_schedule(_NUMBER, limit=at.number(9))
        if kind == "Dynamic":
            stand.claim.control(answers.says, call=update.call, accept=["Accepted"])
        await station.clear_charging_profile(_NUMBER)
    stand.claim(answers.says, call=update.call, accept=["Rejected"])
