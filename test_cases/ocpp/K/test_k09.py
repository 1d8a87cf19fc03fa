"""K09: reporting charging profiles."""

from typing import Any

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers, profiles


@serves("OCPP-K09.P001")
async def test_a_limit_is_reported_as_it_was_set(stand: Stand) -> None:
    """A limit is set, and the charger reports it: the same number, to the last part."""
    at = await stand.settings.rate_unit()
    async with stand.step("set a limit, and ask for it"):
        put = await stand.station.set_charging_profile(limit=at(11), profile_id=4711)
        report = await stand.station.get_charging_profiles(profile_ids=[4711])
    stand.claim.control(answers.says, call=put.call, accept=["Accepted"])  # one that was refused is not there
    period = {"chargingSchedulePeriod": {"limit": at.number(11)}}
    held = {"chargingProfile": {"id": 4711, "chargingSchedule": period}}
    stand.claim(answers.reports, call=report.answer.call, report="ReportChargingProfiles", holds=held)


@serves("OCPP-K09.P111")
async def test_each_criterion_reports_what_it_means(stand: Stand) -> None:
    """A limit for the station and two levels of limits for an EVSE's sessions; each criterion reports its own."""
    station, at, evse = stand.station, await stand.settings.rate_unit(), stand.pixit.evse_id
    session, whole, top = "TxDefaultProfile", "ChargingStationMaxProfile", 1 if await stand.settings.top_level() else 0
    kinds: dict[int, dict[str, Any]] = {4761: {"purpose": whole, "stack_level": 0, "evse_id": 0}}
    kinds |= {4762 + level: {"purpose": session, "stack_level": level, "evse_id": evse} for level in {0, top}}
    for number, kind in kinds.items():
        put = await station.set_charging_profile(limit=at(12), profile_id=number, **kind)
        stand.claim.control(answers.says, call=put.call, accept=["Accepted"])
    here: dict[str, Any] = {"evse_id": evse}
    ways: tuple[dict[str, Any], ...] = (
        *({}, {"evse_id": 0}, here, {**here, "stack_level": top}, {**here, "purpose": session}),
        *({**here, "limit_source": ["CSO"]}, {**here, "purpose": session, "stack_level": 0}),
    )
    for by in ways:
        async with stand.step(f"asked for by {', '.join(map(str, by)) or 'nothing'}"):
            get = await station.get_charging_profiles(**by)
        same = {name: value for name, value in by.items() if name != "limit_source"}
        meant = [number for number, kind in kinds.items() if same.items() <= kind.items()]
        stand.claim(profiles.reported, get=get.answer.call, meant=meant, ours=list(kinds))
    for number in kinds:
        await station.clear_charging_profile(number)
