"""K09: reporting charging profiles."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-K09.P001")
async def test_a_limit_is_reported_as_it_was_set(stand: Stand) -> None:
    """A limit is set, and the charger reports it: the same number, to the last part."""
    at = await stand.settings.rate_unit()
    async with stand.step("set a limit, and ask for it"):
        await stand.station.set_charging_profile(limit=at(11), profile_id=4711)
        report = await stand.station.get_charging_profiles(profile_ids=[4711])
    period = {"chargingSchedulePeriod": {"limit": at.number(11)}}
    held = {"chargingProfile": {"id": 4711, "chargingSchedule": period}}
    stand.claim(answers.reports, call=report.answer.call, report="ReportChargingProfiles", holds=held)
