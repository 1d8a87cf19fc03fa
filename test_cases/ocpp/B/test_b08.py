"""B08: custom reports."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-B08.P001")
async def test_a_part_of_its_settings_is_reported(stand: Stand) -> None:
    """Asked for what one component is set to, it reports that, in numbered parts, to the end."""
    async with stand.step("ask for one component"):
        report = await stand.station.get_report([("OCPPCommCtrlr",)])
    stand.claim(answers.reports_if_it_can, call=report.answer.call, report="NotifyReport")
