"""B05: setting variables."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
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
        taken, reads = {**name, "attributeStatus": "Accepted"}, {**name, "attributeValue": value}
        stand.claim.control(answers.says, call=put.call, holds={"setVariableResult": taken})
        stand.claim(answers.says, call=got.call, holds={"getVariableResult": reads})


@serves("OCPP-B05.P102")
async def test_a_persistent_setting_outlives_a_reset(stand: Stand) -> None:
    """A setting that the charger calls persistent is changed; after a reset it reads as it was set."""
    component, variable = "OCPPCommCtrlr", "OfflineThreshold"
    async with stand.step("have it reported, and change it"):
        report = await stand.station.get_report([(component,)])
        put = await stand.settings.change(component, variable, "240")
    async with stand.step("a reset, and read it"):
        reset = await stand.restarted()
        got = await stand.station.get_variables([(component, variable)])
    stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
    taken = {"setVariableResult": {"attributeStatus": "Accepted"}}
    stand.claim.control(answers.says, call=put.call, holds=taken)
    get, said = got.call, report.answer.call
    stand.claim(told.kept, component=component, variable=variable, value="240", get=get, report=said)
