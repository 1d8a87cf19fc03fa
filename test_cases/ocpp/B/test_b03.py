"""B03: a station that is rejected."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers, core_ocpp


@serves("OCPP-B03.P001", "OCPP-B03.P002")
async def test_a_rejected_station_keeps_silent(stand: Stand) -> None:
    """Rejected, it says nothing until its time is over, and refuses what it is asked; once accepted, it answers."""
    station, boot_s, wait_s = stand.station, stand.pixit.boot_s, round(stand.limit_s("pending")) + 5
    asked = [("OCPPCommCtrlr", "OfflineThreshold")]
    rejecting = stand.csms.accepting_later(pending_s=wait_s, by_s=0.1, first="Rejected")
    async with stand.step("reset, and rejected") as begin, rejecting:
        await stand.until_it_boots(await station.reset("Immediate"))
        await stand.quiet(within_s=3)
        early = await station.get_variables(asked)
        await stand.until_accepted(wait_s)
        await stand.quiet(within_s=5)
    late = await station.get_variables(asked)
    stand.claim(core_ocpp.boots_in_order, "OCPP-B03.P001", since=begin, reasons=["RemoteReset"], boot_s=boot_s)
    stand.claim(answers.says, "OCPP-B03.P002", call=early.call, accept=["SecurityError"], group="asked")
    told = {"getVariableResult": {"attributeStatus": "Accepted"}}
    stand.claim.control(answers.says, "OCPP-B03.P002", call=late.call, holds=told, group="asked")
