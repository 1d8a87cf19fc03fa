"""What a report declares of a variable, and the values that are by that none of its."""

from __future__ import annotations

from typing import Any

import pytest

from test_cases.ocpp._declared import Declared, _declared, one_of_each_kind


def entry(about: dict[str, Any], *attributes: dict[str, Any], **component: Any) -> dict[str, Any]:
    """One entry of a NotifyReport."""
    return {
        "component": {"name": "C", **component},
        "variable": {"name": "V", "instance": "I"},
        "variableAttribute": list(attributes),
        "variableCharacteristics": about,
    }


@pytest.mark.parametrize(
    ("about", "unfit"),
    [
        ({"dataType": "integer", "minLimit": 5}, "4"),
        ({"dataType": "integer", "minLimit": 5, "maxLimit": 9}, "10"),
        ({"dataType": "decimal", "maxLimit": 1.5}, "2.5"),
        ({"dataType": "integer"}, None),
        ({"dataType": "boolean"}, "perhaps"),
        ({"dataType": "MemberList", "valuesList": "A,B"}, "NoSuchChoice"),
        ({"dataType": "MemberList"}, None),
        ({"dataType": "string", "maxLimit": 3}, None),
        ({}, None),
    ],
)
def test_a_value_that_is_none_of_its(about: dict[str, Any], unfit: str | None) -> None:
    """Beyond a limit, no truth value, no member: and none at all where it declares too little."""
    (found,) = _declared(entry(about, {"value": "6"}))
    assert found.unfit == unfit
    assert (found.name, found.mutability) == (("C", "V[I]"), "ReadWrite")


@pytest.mark.parametrize(("value", "high", "other"), [("6", None, "7"), ("6", 6, "5"), ("-1", None, "0"), ("", 9, "")])
def test_another_value_that_would_fit(value: str, high: float | None, other: str) -> None:
    """One more, or one less at the upper limit."""
    attribute = {"value": value, "mutability": "ReadOnly"}
    (found,) = _declared(entry({"dataType": "integer"} | ({"maxLimit": high} if high else {}), attribute))
    assert (found.other, found.mutability) == (other, "ReadOnly")


def test_what_an_evse_has_or_has_no_actual_value_is_left_out() -> None:
    """Only variables of the whole station that have an Actual attribute."""
    assert list(_declared(entry({}, {"value": "1"}, evse={"id": 1}))) == []
    assert list(_declared(entry({}, {"type": "Target", "value": "1"}))) == []


def test_each_kind_comes_before_any_second_one() -> None:
    """Two integers and a boolean: of two, one of each."""
    made = [Declared("C", f"V{n}", kind, "1", "ReadOnly", frozenset()) for n, kind in enumerate(("i", "i", "b"))]
    assert [each.variable for each in one_of_each_kind(made, 2)] == ["V0", "V2"]
