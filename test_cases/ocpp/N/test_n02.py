"""N02: monitoring reports."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-N02.P001")
async def test_a_monitor_is_reported(stand: Stand) -> None:
    """A monitor is set, and the charger reports it, to the last part."""
    async with stand.step("set a monitor, and ask for all"):
        set_ = await stand.settings.monitor(("OCPPCommCtrlr", "OfflineThreshold"), "UpperThreshold", 999_999)
        report = await stand.station.get_monitoring_report()
    taken = {"setMonitoringResult": {"status": "Accepted"}}
    stand.claim.control(answers.says, call=set_.call, holds=taken)
    held = {"monitor": {"variableMonitoring": {"type": "UpperThreshold", "value": 999_999}}}
    stand.claim(answers.reports, call=report.answer.call, report="NotifyMonitoringReport", holds=held)
