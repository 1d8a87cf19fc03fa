"""Part 4: what is asked wrongly is answered with an error."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers

_TOLD = {"getVariableResult": {"attributeStatus": "Accepted"}}


@serves("OCPP-P4.P010")
async def test_an_unknown_action_is_not_implemented(stand: Stand) -> None:
    """A request with an action that there is not gets an error that says so; the next proper one is answered."""
    async with stand.step("an action that there is not, and one that there is"):
        unknown = await stand.station.call("ChargeproofNoSuchAction", {})
        known = await stand.station.get_variables([("OCPPCommCtrlr", "OfflineThreshold")])
    stand.claim(answers.says, call=unknown.call, accept=["NotImplemented", "NotSupported"])
    stand.claim.control(answers.says, call=known.call, holds=_TOLD)


@serves("OCPP-P4.P011")
async def test_a_malformed_request_gets_an_error(stand: Stand) -> None:
    """A request whose payload does not fit gets an error; the same one, made properly, is answered."""
    async with stand.step("a request that does not fit, and one that does"):
        malformed = await stand.station.call("GetVariables", {"getVariableData": "everything"})
        proper = await stand.station.get_variables([("OCPPCommCtrlr", "OfflineThreshold")])
    stand.claim(answers.is_error, call=malformed.call)
    stand.claim.control(answers.says, call=proper.call, holds=_TOLD)
