"""N07: events."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-N07.P001")
async def test_a_threshold_that_is_passed_is_told(stand: Stand) -> None:
    """A monitor is set on a setting, and the setting is put beyond its threshold: the charger tells so."""
    about = ("OCPPCommCtrlr", "OfflineThreshold")
    async with stand.step("set a monitor, and pass its threshold") as begin:
        await stand.settings.change(*about, "60")
        monitor = await stand.settings.monitor(about, "UpperThreshold", 200)
        await stand.settings.change(*about, "240")
        number = next((each.get("id") for each in monitor.payload.get("setMonitoringResult", [])), None)
        told = {"eventData": {"variableMonitoringId": number}}
        await stand.if_it_comes(stand.station.expect("NotifyEvent", since=begin, within_s=10))
        await stand.quiet(within_s=5)
    stand.claim.control(answers.says, call=monitor.call, holds={"setMonitoringResult": {"status": "Accepted"}})
    stand.claim(answers.tells, since=begin, action="NotifyEvent", holds=told)
