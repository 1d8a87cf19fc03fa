"""K10: clearing charging profiles."""

from functools import partial
from typing import Any

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers, profiles
from harness.judge.power import setpoints


@serves("OCPP-K10.P101")
async def test_clearing_one_limit_leaves_the_other(stand: Stand) -> None:
    """A limit for sessions is cleared, by number, by purpose and by EVSE; the station's own limit stays."""
    station, at, evse = stand.station, await stand.settings.rate_unit(), stand.pixit.evse_id
    stays = await station.set_charging_profile(limit=at(16), purpose="ChargingStationMaxProfile", profile_id=4720)
    stand.claim.control(answers.says, call=stays.call, accept=["Accepted"])
    for by in ({"profile_id": 4721}, {"purpose": "TxDefaultProfile"}, {"evse_id": evse}):
        async with stand.step(f"cleared by {' '.join(map(str, *by.items()))}"):
            goes = await station.set_charging_profile(limit=at(11), purpose="TxDefaultProfile", profile_id=4721)
            clear = await station.clear_charging_profile(**by)
            gone = await station.get_charging_profiles(profile_ids=[4721], within_s=2)
            left = await station.get_charging_profiles(profile_ids=[4720])
        stand.claim.control(answers.says, call=goes.call, accept=["Accepted"])
        stand.claim(answers.says, call=clear.call, accept=["Accepted"])
        stand.claim(answers.says, call=gone.answer.call, accept=["NoProfiles"])
        held = {"chargingProfile": {"id": 4720}}
        stand.claim(answers.reports, call=left.answer.call, report="ReportChargingProfiles", holds=held)
    await station.clear_charging_profile(4720)


@serves("OCPP-K10.P102")
async def test_each_criterion_clears_what_it_means(stand: Stand) -> None:
    """Two levels of limits for sessions and two for the station; each criterion, alone and together, clears its own."""
    station, at, evse = stand.station, await stand.settings.rate_unit(), stand.pixit.evse_id
    session, whole, top = "TxDefaultProfile", "ChargingStationMaxProfile", 1 if await stand.settings.top_level() else 0
    kinds: dict[int, dict[str, Any]] = {
        4731 + 2 * level + n: {"purpose": purpose, "stack_level": level, "evse_id": at_evse}
        for n, (purpose, at_evse) in enumerate(((session, evse), (whole, 0)))
        for level in {0, top}
    }
    ways: tuple[dict[str, Any], ...] = (
        *({"stack_level": top}, {"stack_level": top, "purpose": session}, {"evse_id": evse}, {"evse_id": 0}),
        *({"evse_id": evse, "stack_level": 0}, {"evse_id": 0, "purpose": whole, "stack_level": top}),
        {"evse_id": 0, "purpose": session},
    )
    for by in ways:
        async with stand.step(f"cleared by {', '.join(f'{k} {v}' for k, v in by.items())}"):
            for number, kind in kinds.items():
                put = await station.set_charging_profile(limit=at(12), profile_id=number, **kind)
                stand.claim.control(answers.says, call=put.call, accept=["Accepted"])
            clear = await station.clear_charging_profile(**by)
            get = await station.get_charging_profiles(profile_ids=list(kinds), within_s=5)
        left = [number for number, kind in kinds.items() if any(kind[name] != value for name, value in by.items())]
        some = len(left) < len(kinds)
        stand.claim(profiles.cleared, call=clear.call, get=get.answer.call, left=left, matched=some)
    for number in kinds:
        await station.clear_charging_profile(number)


@serves("OCPP-K10.P103", "OCPP-K01.P128")
async def test_cleared_by_its_level_a_limit_gives_way_to_the_next(stand: Stand) -> None:
    """12 A, and 9 A at the highest level there is; cleared by level, alone and with the purpose, and by number."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    declared = await stand.settings.top_level()
    top = 1 if declared is None else declared
    await car.charge(at_least="13 A")
    stand.claim.control(setpoints.draws_at_least, value=13, unit="A")
    session, whole = "TxDefaultProfile", "ChargingStationMaxProfile"
    low = await station.set_charging_profile(limit=at(12), purpose=session if top else whole)
    stand.claim.control(answers.says, call=low.call, accept=["Accepted"])
    await car.settles(at_most=at(12))
    level: dict[str, Any] = {"stack_level": top}
    for by in (*([level] if top else []), {**level, "purpose": session}, {"profile_id": 4741}):
        async with stand.step(f"9 A at level {top}, then cleared by {', '.join(map(str, by))}"):
            high = await station.set_charging_profile(limit=at(9), stack_level=top, profile_id=4741)
            if declared is None:
                stand.claim.control(answers.says, call=high.call, accept=["Accepted"])
            with stand.claim.during(setpoints.limit_holds, "OCPP-K01.P128", limit=high.call):
                await car.settles(at_most=at(9))
            cleared = await station.clear_charging_profile(**by)
            rises = partial(stand.claim.during, setpoints.rises_to_other, "OCPP-K10.P103", value=at.number(11))
            with rises(since=cleared.call, limit=low.call):
                await car.settles(at_least=at(11), at_most=at(12))
