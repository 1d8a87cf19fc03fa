"""K10: clearing charging profiles."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


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
