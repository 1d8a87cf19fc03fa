"""N09 and N10: what the charger keeps about a driver, told and cleared."""

from harness.case import serves
from harness.csms import Collected
from harness.hands import Stand
from harness.judge.ocpp import answers

_NOBODY = {"customerIdentifier": "chargeproof-nobody"}
_REPORT = "NotifyCustomerInformation"


@serves("OCPP-N09.P001", "OCPP-N09.P002", "OCPP-N10.P001", "OCPP-N10.P002")
async def test_a_driver_s_data_is_told_and_cleared(stand: Stand) -> None:
    """About a driver whom it does not know: to report, to clear, and both; it answers and then says what it has."""
    async with stand.step("report; report and clear; clear"):
        told = await _ask(stand, report=True, clear=False, **_NOBODY)
        both = await _ask(stand, report=True, clear=True, **_NOBODY)
        cleared = await _ask(stand, report=False, clear=True, **_NOBODY)
    async with stand.step("about two drivers at once, and about none"):
        token = {"idToken": "CHARGEPROOF-NOBODY", "type": stand.pixit.id_token_type}
        two = await _ask(stand, report=True, clear=False, idToken=token, **_NOBODY)
        none = await _ask(stand, report=True, clear=False)
    for asked, purpose in ((told, "OCPP-N09.P001"), (both, "OCPP-N10.P001"), (cleared, "OCPP-N10.P002")):
        stand.claim(answers.reports, purpose, call=asked.answer.call, report=_REPORT)
    stand.claim.control(answers.says, "OCPP-N09.P002", call=told.answer.call, accept=["Accepted"])
    for asked in (two, none):
        stand.claim(answers.says, "OCPP-N09.P002", call=asked.answer.call, accept=["Invalid"])


async def _ask(stand: Stand, **what: object) -> Collected:
    return await stand.station.collect("CustomerInformation", dict(what), _REPORT, 20)
