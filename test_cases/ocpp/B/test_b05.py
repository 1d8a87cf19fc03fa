"""B05: setting variables."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import answers
from test_cases.ocpp._declared import ATTRIBUTE_TYPES, declared_in, one_of_each_kind

_ANY, _A_FLAG = ("OCPPCommCtrlr", "OfflineThreshold"), ("AuthCtrlr", "LocalPreAuthorize")
_FIXED = ("DeviceDataCtrlr", "ItemsPerMessage[GetReport]")  # ReadOnly by the standard, whatever a report says
_LEFT_ALONE = (_ANY, ("OCPPCommCtrlr", "NetworkConfigurationPriority"))  # a wrong one might cut the charger off


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


@serves("OCPP-B05.P114", "OCPP-B05.P113")
async def test_what_cannot_be_set_is_refused(stand: Stand) -> None:
    """What the charger says can only be read is not written; what can be is given no value that is none of its."""
    async with stand.step("what it declares, and the control: a setting that may be changed is"):
        report = await stand.station.get_report([("OCPPCommCtrlr",), ("DeviceDataCtrlr",), ("TxCtrlr",)])
        same = await stand.settings.change(*_ANY, "240")
        stand.claim.control(answers.says, call=same.call, holds=_taken("Accepted"))
    declared = declared_in(report)
    fixed = [each for each in declared if each.mutability == "ReadOnly" and each.kind != "dateTime"]
    async with stand.step("write what can only be read"):
        for name, value in [(_FIXED, "7"), *((each.name, each.other) for each in one_of_each_kind(fixed))]:
            if value and await stand.settings.read(*name) is not None:
                put = await stand.settings.change(*name, value)
                stand.claim(answers.says, "OCPP-B05.P114", call=put.call, holds=_taken("Rejected"))
    open_ones = [each for each in declared if each.mutability == "ReadWrite" and each.name not in _LEFT_ALONE]
    unfit = [(each.name, each.unfit) for each in one_of_each_kind([each for each in open_ones if each.unfit])]
    async with stand.step("values that are beyond what it declares"):
        for name, text in [(_A_FLAG, "perhaps"), *unfit]:
            if text and await stand.settings.read(*name) is not None:
                put = await stand.settings.change(*name, text)
                stand.claim(answers.says, "OCPP-B05.P113", call=put.call, holds=_taken("Rejected"))


@serves("OCPP-B05.P112", "OCPP-B06.P111")
async def test_an_attribute_that_a_setting_has_not(stand: Stand) -> None:
    """The charger is asked for an attribute that it does not list of a setting, and is to set it."""
    async with stand.step("have it list a setting's attributes"):
        report = await stand.station.get_report([_ANY])
        has = frozenset[str]().union(*(each.attributes for each in declared_in(report) if each.name == _ANY))
        unknown = next((each for each in ATTRIBUTE_TYPES if each not in has), None)
    if not has or unknown is None:
        return  # all are supported, or it does not say: there is none to ask for
    async with stand.step(f"ask for its {unknown}, and set it"):
        put = await stand.station.set_variables([((*_ANY, unknown), "240")])
        got = await stand.station.get_variables([(*_ANY, unknown)])
        known = await stand.station.get_variables([_ANY])
    none = {"attributeStatus": "NotSupportedAttributeType"}
    stand.claim(answers.says, "OCPP-B05.P112", call=put.call, holds={"setVariableResult": none})
    stand.claim(answers.says, "OCPP-B06.P111", call=got.call, holds={"getVariableResult": none})
    stand.claim.control(answers.says, call=known.call, holds={"getVariableResult": {"attributeStatus": "Accepted"}})


def _taken(status: str) -> dict[str, dict[str, str]]:
    return {"setVariableResult": {"attributeStatus": status}}
