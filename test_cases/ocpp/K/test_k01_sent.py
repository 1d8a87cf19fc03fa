"""K01: limits as operators send them: small ones, of every kind, later, again, and several at once."""

from functools import partial
from typing import Any

from harness.case import serves
from harness.hands import RateUnit, Stand
from harness.judge.ocpp import answers
from harness.judge.power import composite, later, setpoints

_DAY_S = 86400


async def _small(stand: Stand, at: RateUnit) -> None:
    """The least that mode 3 can tell a car, and less than that; in between the car draws more."""
    await stand.settings.pauses_are_no_end()
    await stand.car.charge(at_least="11 A")
    for amps in (6, 5, 1.5):
        async with stand.step(f"{at(amps)}, and no limit again"):
            limit = await stand.station.set_charging_profile(limit=at(amps))
            with stand.claim.during(setpoints.limit_holds, limit=limit.call):
                await stand.car.settles(at_most=at(amps))
            await stand.station.clear_charging_profile(purpose="TxDefaultProfile")
            await stand.if_it_comes(stand.car.draws(at_least="11 A"))


@serves("OCPP-K01.P120")
async def test_a_small_limit_is_not_made_larger(stand: Stand) -> None:
    """6 A, and less than mode 3 can tell a car: it draws as little, or nothing."""
    await _small(stand, await stand.settings.rate_unit())


@serves("OCPP-K01.P121")
async def test_a_small_limit_in_watt_is_not_made_larger(stand: Stand) -> None:
    """The same in watt, of all phases together."""
    await _small(stand, RateUnit("W", stand.pixit.nominal_v * stand.pixit.phases))


@serves("OCPP-K01.P122", "OCPP-K01.P123")
async def test_of_several_limits_at_once_the_last_one_holds(stand: Stand) -> None:
    """Six limits without a pause in between, the last of them the lowest; six more, the last of them the highest."""
    at = await stand.settings.rate_unit()
    await stand.car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, "OCPP-K01.P122", value=13, unit="A")
    await stand.car.until_the_session_is_told()
    send = partial(stand.station.set_charging_profile, purpose="TxProfile")
    async with stand.step("12, 9, 11, 8, 10 and 7 A at once"):
        *_, low = [await send(limit=at(amps)) for amps in (12, 9, 11, 8, 10, 7)]
        with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P122", limit=low.call):
            await stand.car.settles(at_most=at(7))
    async with stand.step("8, 10, 7, 12, 9 and 13 A at once"):
        *_, high = [await send(limit=at(amps)) for amps in (8, 10, 7, 12, 9, 13)]
        with stand.claim.during(setpoints.rises_to, "OCPP-K01.P123", limit=high.call, value=at.number(11)):
            await stand.car.settles(at_least=at(11), at_most=at(13))


@serves("OCPP-K01.P124", "OCPP-K08.P101")
async def test_a_limit_of_each_kind_binds(stand: Stand) -> None:
    """One that counts from the session's begin, and one of each day and of each week that began half an hour ago."""
    station, pixit, at = stand.station, stand.pixit, await stand.settings.rate_unit()
    how: dict[str, Any] = {"phases": pixit.phases, "nominal_v": pixit.nominal_v, "rated_a": pixit.rated_current_a}
    daily = {"recurrency": "Daily", "start": stand.time_in(-2 * _DAY_S - 1800)}
    weekly = {"recurrency": "Weekly", "start": stand.time_in(-14 * _DAY_S - 1800)}
    kinds: list[dict[str, Any]] = [{"kind": "Relative"}]
    kinds += [{"kind": "Recurring", "duration_s": 3600, **recurs} for recurs in (daily, weekly)]
    await stand.car.charge(at_least="13 A")
    for kind in kinds:
        async with stand.step(f"9 A, {kind.get('recurrency', 'Relative')}"):
            stand.claim.control(setpoints.draws_at_least, "OCPP-K01.P124", value=13, unit="A")
            limit = await station.set_charging_profile(limit=at(9), **kind)
            with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P124", limit=limit.call):
                await stand.car.settles(at_most=at(9))
            told = await station.get_composite_schedule(60, evse_id=pixit.evse_id, unit=at.name)
            stand.claim(composite.equals_own_calculation, "OCPP-K08.P101", call=told.call, **how)
            await station.clear_charging_profile(purpose="TxDefaultProfile")
            await stand.if_it_comes(stand.car.draws(at_least="13 A"))


@serves("OCPP-K01.P125", "OCPP-K01.P126")
async def test_a_limit_for_later_binds_from_then_on(stand: Stand) -> None:
    """A schedule that starts in a while, and a profile that is valid from then on: not before, and then in time."""
    in_s, at = 6, await stand.settings.rate_unit()
    await stand.car.charge(at_least="13 A")
    for by in ("start", "valid_from"):
        async with stand.step(f"9 A in {in_s} s, by its {by.replace('_', ' ')}"):
            stand.claim.control(setpoints.draws_at_least, value=13, unit="A", group=by)
            when: dict[str, Any] = {by: stand.time_in(in_s)}
            limit = await stand.station.set_charging_profile(limit=at(9), **when)
            await stand.until_after(limit.call, in_s - 3, "the limit has not begun")
            stand.claim(later.not_yet, "OCPP-K01.P126", limit=limit.call, value=13, group=by)
            await stand.until_after(limit.call, in_s, "the limit begins")
            with stand.claim.during(later.holds, "OCPP-K01.P125", limit=limit.call, group=by):
                await stand.car.settles(at_most=at(9))
            await stand.station.clear_charging_profile(purpose="TxDefaultProfile")
            await stand.if_it_comes(stand.car.draws(at_least="13 A"))


@serves("OCPP-K01.P127")
async def test_the_same_limit_again_binds_again(stand: Stand) -> None:
    """9 A, cleared, and word for word the same again; another one in its place, and the same once more."""
    at = await stand.settings.rate_unit()
    start = stand.time_in(-60)
    send = partial(stand.station.set_charging_profile, start=start)
    await stand.car.charge(at_least="13 A")
    for turn in ("first", "after it was cleared", "after another one"):
        async with stand.step(f"9 A, {turn}"):
            stand.claim.control(setpoints.draws_at_least, value=13, unit="A", group=turn)
            limit = await send(limit=at(9))
            with stand.claim.during(setpoints.limit_holds, limit=limit.call, group=turn):
                await stand.car.settles(at_most=at(9))
        if turn == "first":
            await stand.station.clear_charging_profile(purpose="TxDefaultProfile")
        else:
            await send(limit=at(20))
        await stand.if_it_comes(stand.car.draws(at_least="13 A"))


@serves("OCPP-K01.P129", "OCPP-K01.P130")
async def test_a_limit_for_a_while_offline_gives_way(stand: Stand) -> None:
    """13 A for the session, for a few seconds offline, and 8 A for sessions: then these hold, until it is back."""
    while_s, at = 4, await stand.settings.rate_unit()
    await stand.settings.quick_reconnect()
    await stand.car.charge(at_least="13 A")
    below = await stand.station.set_charging_profile(limit=at(8))
    await stand.car.until_the_session_is_told()
    for_a_while = {"maxOfflineDuration": while_s}
    above = await stand.station.set_charging_profile(limit=at(13), purpose="TxProfile", more=for_a_while)
    stand.claim.control(answers.says, call=above.call, accept=["Accepted"])
    await stand.if_it_comes(stand.car.draws(at_least="11 A"))
    stand.claim.control(setpoints.draws_at_least, value=at.number(11), unit=at.name)
    async with stand.step("the backend is out of reach"):
        cut = await stand.marked(stand.csms.network.cut("reset"))
        await stand.until_after(cut, while_s, "the time is over for which it may go on offline")
        with stand.claim.during(later.holds, "OCPP-K01.P129", limit=below.call, since=cut, after_s=while_s):
            await stand.car.settles(at_most=at(8))
    async with stand.step("the backend is back"):
        await stand.csms.network.restore()
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.pixit.reconnect_s))
        rises = partial(stand.claim.during, setpoints.rises_to_other, "OCPP-K01.P130", value=at.number(11))
        with rises(since=stand.mark(), limit=above.call):
            await stand.car.settles(at_least=at(11), at_most=at(13))


@serves("OCPP-K01.P142")
async def test_a_limit_that_recurs_binds_in_its_own_times_alone(stand: Stand) -> None:
    """7 A on another day of each week, and at another hour of each day: the station's 15 A stay."""
    station, at = stand.station, await stand.settings.rate_unit()
    weekly: dict[str, Any] = {"recurrency": "Weekly", "start": stand.time_in(-10 * _DAY_S - 1800)}
    daily: dict[str, Any] = {"recurrency": "Daily", "start": stand.time_in(-2 * _DAY_S - 3 * 3600)}
    await station.set_charging_profile(limit=at(15), purpose="ChargingStationMaxProfile")
    await stand.car.charge(at_least="13 A")
    for kind in (weekly, daily):
        name = kind["recurrency"]
        async with stand.step(f"7 A, {name}, not now"):
            limit = await station.set_charging_profile(limit=at(7), kind="Recurring", duration_s=3600, **kind)
            stand.claim.control(answers.says, call=limit.call, accept=["Accepted"], group=name)
            await stand.bench.meter.observe(for_s=stand.limit_s("response") + 2)
            stand.claim(setpoints.draws_at_least, "OCPP-K01.P142", value=13, unit="A", group=name)
            await station.clear_charging_profile(purpose="TxDefaultProfile")


@serves("OCPP-K01.P404")
async def test_a_time_with_an_offset_is_the_moment_that_it_names(stand: Stand) -> None:
    """9 A since a minute, as it is written two hours east of UTC; and from an hour on, as it is written west of it."""
    at, send = await stand.settings.rate_unit(), stand.station.set_charging_profile
    await stand.car.charge(at_least="13 A")
    for by in ("start", "valid_from"):
        name = by.replace("_", " ")
        stand.claim.control(setpoints.draws_at_least, value=13, unit="A", group=by)
        async with stand.step(f"9 A, its {name} a minute ago, with +02:00"):
            begun: dict[str, Any] = {by: stand.time_in(-60, zone_h=2)}
            limit = await send(limit=at(9), **begun)
            with stand.claim.during(setpoints.limit_holds, limit=limit.call, group=by):
                await stand.car.settles(at_most=at(9))
            await stand.station.clear_charging_profile(purpose="TxDefaultProfile")
            await stand.if_it_comes(stand.car.draws(at_least="13 A"))
        async with stand.step(f"9 A, its {name} in an hour, with -02:00"):
            to_come: dict[str, Any] = {by: stand.time_in(3600, zone_h=-2)}
            later_on = await send(limit=at(9), **to_come)
            stand.claim.control(answers.says, call=later_on.call, accept=["Accepted"], group=by)
            await stand.bench.meter.observe(for_s=stand.limit_s("response") + 2)
            stand.claim(later.not_yet, limit=later_on.call, value=13, group=by)
            await stand.station.clear_charging_profile(purpose="TxDefaultProfile")
