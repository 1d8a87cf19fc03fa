"""B05: setting variables."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-B05.P101")
async def test_two_settings_are_changed_in_one_message(stand: Stand) -> None:
    """Two settings of two components are changed and read together: each has its own new value."""
    wanted = {("OCPPCommCtrlr", "OfflineThreshold"): "240", ("TxCtrlr", "EVConnectionTimeOut"): "90"}
    for component, variable in wanted:
        await stand.settings.keep(component, variable)
    async with stand.step("change both, and read both"):
        put = await stand.station.set_variables(wanted.items())
        got = await stand.station.get_variables(wanted)
    for (_, variable), value in wanted.items():
        name = {"variable": {"name": variable}}
        taken, told = {**name, "attributeStatus": "Accepted"}, {**name, "attributeValue": value}
        stand.claim.control(answers.says, call=put.call, holds={"setVariableResult": taken})
        stand.claim(answers.says, call=got.call, holds={"getVariableResult": told})
