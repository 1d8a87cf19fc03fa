"""B07: base reports: what can be set, what it is set to, and what it may not know."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-B07.P110", "OCPP-B07.P111", "OCPP-B07.P112")
async def test_what_can_be_set_is_reported_as_it_is_set(stand: Stand) -> None:
    """A setting is changed, and the report of settings tells its new value; a summary is given, or not supported."""
    async with stand.step("change a setting, and have all settings reported"):
        put = await stand.settings.change("OCPPCommCtrlr", "OfflineThreshold", "241")
        report = await stand.station.get_base_report("ConfigurationInventory")
    async with stand.step("ask for a summary"):
        summary = await stand.station.get_base_report("SummaryInventory")
    taken = {"setVariableResult": {"attributeStatus": "Accepted"}}
    told = {"reportData": {"variableAttribute": {"value": "241"}}}
    call, name = report.answer.call, "NotifyReport"
    stand.claim(answers.reports, "OCPP-B07.P110", call=call, report=name)
    stand.claim.control(answers.says, "OCPP-B07.P111", call=put.call, holds=taken)
    stand.claim(answers.reports, "OCPP-B07.P111", call=call, report=name, holds=told)
    accept = ["Accepted", "NotSupported"]
    stand.claim(answers.says, "OCPP-B07.P112", call=summary.answer.call, accept=accept)
