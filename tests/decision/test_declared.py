"""What the charger's own device model tells of a feature that nobody declared."""

from __future__ import annotations

import pytest

from harness.decision._declared import _reported, looked_up
from tests.decision._plans import criterion
from tests.judges._trace import T


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ({"attributeStatus": "Accepted", "attributeValue": "A,W"}, [("SmartChargingCtrlr.RateUnit", "A,W")]),
        ({"attributeStatus": "Accepted", "attributeValue": ""}, [("SmartChargingCtrlr.RateUnit", "")]),
        ({"attributeStatus": "Accepted"}, []),
        ({"attributeStatus": "UnknownVariable"}, []),
    ],
)
def test_a_variable_without_a_value_denies_nothing(result: dict[str, str], told: list[tuple[str, str]]) -> None:
    """An answer without a value leaves the feature undeclared; an empty value is a value."""
    what = {"component": {"name": "SmartChargingCtrlr"}, "variable": {"name": "RateUnit"}}
    trace = T().connects().asks("GetVariables").answers({"getVariableResult": [{**what, **result}]}).trace()
    assert list(_reported(trace)) == told


def test_the_names_have_no_case() -> None:
    """Component and variable names are identifierStrings: a charger may write them as it likes."""
    what = {"component": {"name": "smartchargingctrlr"}, "variable": {"name": "RATEUNIT"}}
    result = {**what, "attributeStatus": "Accepted", "attributeValue": "A,W"}
    trace = T().connects().asks("GetVariables").answers({"getVariableResult": [result]}).trace()
    planned = criterion(declared="undeclared", told_by=("SmartChargingCtrlr.RateUnit",), told_when="contains W")
    found = looked_up(planned, trace)
    assert found is not None and found[0] == "yes"
