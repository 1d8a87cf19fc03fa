"""What the charger's own device model tells of a feature that nobody declared."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision.identity._declared import DeviceModel, reported
from harness.judge import Verdict
from harness.plan import PlannedFeature
from harness.trace import Trace
from tests.decision._plans import CASE, criterion, decided, judged, one, plan, purpose, run, trace
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE, NOT_APPLICABLE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


def told(component: str, variable: str, **result: str) -> Trace:
    """A charger that was asked for one variable."""
    what = {"component": {"name": component}, "variable": {"name": variable}}
    return T().connects().asks("GetVariables").answers({"getVariableResult": [{**what, **result}]}).trace()


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ({"attributeStatus": "Accepted", "attributeValue": "A,W"}, [("SmartChargingCtrlr.RateUnit", "A,W")]),
        ({"attributeStatus": "Accepted", "attributeValue": ""}, [("SmartChargingCtrlr.RateUnit", "")]),
        ({"attributeStatus": "Accepted"}, []),
        ({"attributeStatus": "UnknownVariable"}, []),
    ],
)
def test_a_variable_without_a_value_denies_nothing(result: dict[str, str], found: list[tuple[str, str]]) -> None:
    """An answer without a value leaves the feature undeclared; an empty value is a value."""
    assert [(r.name, r.value) for r in reported(told("SmartChargingCtrlr", "RateUnit", **result))] == found


def test_the_names_have_no_case() -> None:
    """Component and variable names are identifierStrings: a charger may write them as it likes."""
    seen = told("smartchargingctrlr", "RATEUNIT", attributeStatus="Accepted", attributeValue="A,W")
    planned = criterion(declared="undeclared", told_by=("SmartChargingCtrlr.RateUnit",), told_when="contains W")
    found = DeviceModel(seen).of_criterion(planned)
    assert found is not None and found[0] == "yes"


def test_an_instance_has_a_name_of_its_own() -> None:
    """SupportsFeature says of each instance something else."""
    feature = {"component": {"name": "SmartChargingCtrlr"}, "attributeStatus": "Accepted"}
    results = [
        {**feature, "variable": {"name": "SupportsFeature", "instance": instance}, "attributeValue": value}
        for instance, value in (("UseLocalTime", "true"), ("DynamicProfiles", "false"))
    ]
    seen = T().connects().asks("GetVariables").answers({"getVariableResult": results}).trace()
    for instance, answer in (("UseLocalTime", "yes"), ("DynamicProfiles", "no")):
        told_by = (f"SmartChargingCtrlr.SupportsFeature[{instance}]",)
        found = DeviceModel(seen).of_criterion(criterion(declared="undeclared", told_by=told_by, told_when="true"))
        assert found is not None and found[0] == answer


def report(value: str, variable: str = "Enabled") -> tuple[str, dict[str, Any]]:
    """The charger reports V2XChargingCtrlr.Enabled."""
    item = '{"component":{"name":"V2XChargingCtrlr"},"variable":{"name":"%s"},"variableAttribute":[{"value":"%s"}]}'
    raw = '[2,"1","NotifyReport",{"requestId":1,"reportData":[' + item % (variable, value) + "]}]"
    return "ocpp.frame", {"dir": "in", "type": 2, "id": "1", "action": "NotifyReport", "raw": raw, "errors": []}


ENABLED: dict[str, Any] = {"told_by": ("V2XChargingCtrlr.Enabled",), "told_when": "true"}


@pytest.mark.parametrize(
    ("value", "optional", "found", "verdict"),
    [
        ("false", False, None, FAIL),
        ("false", True, None, NOT_APPLICABLE),
        ("false", False, PASS, PASS),
        ("false", True, FAIL, NOT_APPLICABLE),
        ("true", False, None, INCONCLUSIVE),
        ("true", True, FAIL, FAIL),
    ],
)
def test_what_nobody_declared_the_charger_itself_may_tell(
    value: str, optional: bool, found: Verdict | None, verdict: Verdict
) -> None:
    """Its device model says that it cannot: the same as a declared no; but what was seen to work works."""
    chosen = criterion(feature="v2x", declared="undeclared", feature_optional=optional, **ENABLED)
    findings = [judged(found)] if found is not None else []
    result = decided(*findings, of=plan(chosen), seen=trace(report(value), f"run:{CASE}"))
    assert one(result).verdict is verdict


@pytest.mark.parametrize(
    ("value", "found", "verdict"),
    [("false", FAIL, NOT_APPLICABLE), ("false", PASS, PASS), ("true", FAIL, FAIL), (None, FAIL, FAIL)],
)
def test_a_purpose_s_expression_is_looked_up_too(value: str | None, found: Verdict, verdict: Verdict) -> None:
    """What was declared stands; what was not is asked of the device model; what that does not tell is tested."""
    v2x = PlannedFeature(name="v2x", declared="undeclared", **ENABLED)
    chosen = plan(
        runs=(run(), run("OCPP-K01.P002", case=CASE)),
        purposes=(purpose(applies="v2x and other"), purpose("OCPP-K01.P002")),
        features=(v2x, PlannedFeature(name="other", declared="yes")),
    )
    marks = [report(value)] if value is not None else []
    result = decided(judged(found), judged(PASS, "OCPP-K01.P002"), of=chosen, seen=trace(*marks, f"run:{CASE}"))
    assert result.purposes[0].verdict is verdict
    assert one(result).verdict is (FAIL if verdict is FAIL else PASS)


@pytest.mark.parametrize(
    ("name", "told_when", "value", "mutability", "answer"),
    [
        ("SmartChargingCtrlr.ExternalControlSignalsEnabled", "true", "false", "ReadWrite", None),
        ("SmartChargingCtrlr.ExternalControlSignalsEnabled", "true", "true", "ReadWrite", "yes"),
        ("SmartChargingCtrlr.ExternalControlSignalsEnabled", "true", "false", "ReadOnly", None),
        ("V2XChargingCtrlr.Enabled", "true", "false", "ReadWrite", None),
        ("V2XChargingCtrlr.Enabled", "true", "false", "ReadOnly", "no"),
        ("SecurityCtrlr.SecurityProfile", "is 3", "2", "ReadOnly", None),
        ("SecurityCtrlr.SecurityProfile", "is 3", "3", "ReadOnly", "yes"),
    ],
)
def test_a_switch_and_the_bench_s_own_choice_deny_nothing(
    name: str, told_when: str, value: str, mutability: str, answer: str | None
) -> None:
    """What can be switched on is no lack; by which security profile it is connected our backend chose."""
    component, variable = name.split(".")
    item = {
        "component": {"name": component},
        "variable": {"name": variable},
        "variableAttribute": [{"value": value, "mutability": mutability}],
    }
    seen = T().connects().says("NotifyReport", {"requestId": 1, "reportData": [item]}).trace()
    found = DeviceModel(seen).of_criterion(criterion(declared="undeclared", told_by=(name,), told_when=told_when))
    assert (found and found[0]) == answer


def test_a_report_of_another_shape_is_passed_over() -> None:
    """Its schema errors are another judge's business."""
    raw = '[2,"1","NotifyReport",{"reportData":[1,{"component":2,"variableAttribute":[{"value":"x"},3]}]}]'
    data = {"dir": "in", "type": 2, "id": "1", "action": "NotifyReport", "raw": raw, "errors": []}
    assert [r.name for r in reported(trace(("ocpp.frame", data)))] == ["."]
