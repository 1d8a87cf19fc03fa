"""DER control: set, reported, cleared; and refused as OCPP 2.1 words it."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
DROOP = {"priority": 5, "overFreq": 50.2, "underFreq": 49.8, "responseTime": 10}


def control(**changed: Any) -> dict[str, Any]:
    """A SetDERControl request."""
    return {"isDefault": True, "controlId": "C-1", "controlType": "FreqDroop", "freqDroop": DROOP, **changed}


def setting(answer: str = "Accepted") -> T:
    """It is set, and asked for."""
    t = T(version="ocpp2.1").asks("SetDERControl", control()).named("set").answers(answer)
    return t.asks("GetDERControl", {"requestId": 7, "controlId": "C-1"}).named("get").answers()


def reports(t: T, request: int = 7, droop: dict[str, Any] | None = None, **entry: Any) -> T:
    """The charger reports a control."""
    what = {
        "id": "C-1",
        "isDefault": True,
        "isSuperseded": False,
        "freqDroop": DROOP if droop is None else droop,
        **entry,
    }
    return t.says("ReportDERControl", {"requestId": request, "tbc": False, "freqDroop": [what]})


def cleared(t: T, answer: str = "Accepted", gone: str = "NotFound") -> T:
    """It is cleared, and asked for again."""
    t.asks("ClearDERControl", {"isDefault": True, "controlId": "C-1"}).named("clear").answers(answer)
    return t.asks("GetDERControl", {"requestId": 8, "controlId": "C-1"}).named("gone").answers(gone)


def verdict(t: T) -> Verdict:
    """The verdict on BI-20.3."""
    t.claims("der.set_reported_cleared", "BI-20.3", set="@set", get="@get", clear="@clear", gone="@gone")
    return t.judged().verdict


def test_set_reported_cleared_passes() -> None:
    """NotFound afterwards, or Accepted with nothing in it."""
    assert verdict(cleared(reports(setting()))) is PASS
    assert verdict(cleared(reports(setting()), gone="Accepted")) is PASS


def test_numbers_may_be_written_otherwise() -> None:
    """50.20 and 10.0 are 50.2 and 10; an order of keys is none."""
    assert verdict(cleared(reports(setting(), droop={**DROOP, "responseTime": 10.0, "overFreq": 50.20}))) is PASS


def test_numbers_may_be_held_in_single_precision() -> None:
    """50.2 reads back as 50.20000076293945, with all the digits it has (2.1 Part 2, 2.1.4); in a curve as well."""
    single = {**DROOP, "overFreq": 50.20000076293945, "underFreq": 49.79999923706055}
    assert verdict(cleared(reports(setting(), droop=single))) is PASS
    assert verdict(cleared(reports(setting(), droop={**single, "overFreq": 50.2001}))) is FAIL


@pytest.mark.parametrize(
    ("points", "expected"), [([{"x": 50.20000076, "y": 0.0}], PASS), ([{"x": 50.3, "y": 0.0}], FAIL), ([], FAIL)]
)
def test_the_points_of_a_curve_are_compared_one_by_one(points: list[dict[str, float]], expected: Verdict) -> None:
    """Nearly equal numbers, other ones, and missing ones."""
    curve = {"priority": 5, "curveData": [{"x": 50.2, "y": 0.0}]}
    t = T(version="ocpp2.1").asks("SetDERControl", control(controlType="FreqWatt", freqDroop=None, curve=curve))
    t = t.named("set").answers("Accepted").asks("GetDERControl", {"requestId": 7}).named("get").answers()
    told = {"id": "C-1", "isDefault": True, "curveType": "FreqWatt", "curve": {**curve, "curveData": points}}
    assert verdict(cleared(t.says("ReportDERControl", {"requestId": 7, "curve": [told]}))) is expected


@pytest.mark.parametrize(
    "how",
    [
        {"droop": {**DROOP, "overFreq": 50.5}},
        {"droop": {**DROOP, "priority": 1}},
        {"droop": {"priority": 5}},
        {"isDefault": False},
        {"id": "C-2"},
        {"request": 6},
    ],
)
def test_what_reads_back_otherwise_fails(how: dict[str, Any]) -> None:
    """Another value, priority, kind or control; or the answer to another request."""
    assert verdict(cleared(reports(setting(), **how))) is FAIL


def test_custom_data_is_not_the_settings() -> None:
    """A vendor's own data beside them."""
    assert verdict(cleared(reports(setting(), customData={"vendorId": "x"}))) is PASS


def test_refused_or_still_there_fails() -> None:
    """Not accepted; not cleared; cleared but still reported."""
    assert verdict(cleared(reports(setting("Rejected")))) is FAIL
    assert verdict(cleared(reports(setting()), answer="NotFound")) is FAIL
    assert verdict(reports(cleared(reports(setting()), gone="Accepted"), request=8)) is FAIL


def test_no_report_fails() -> None:
    """Accepted, and nothing said."""
    assert verdict(cleared(setting())) is FAIL


def unsupported(answer: str | None) -> Verdict:
    """The verdict on an unsupported type."""
    t = T().asks("SetDERControl", control()).named("call")
    t = t.answers(answer) if answer else t
    return t.claims("der.refuses_unsupported", "BI-20.5", call="@call").judged().verdict


@pytest.mark.parametrize(
    ("answer", "expected"), [("NotSupported", PASS), ("Rejected", FAIL), ("Accepted", FAIL), (None, FAIL)]
)
def test_an_unsupported_type_is_called_so(answer: str | None, expected: Verdict) -> None:
    """R04.FR.01 names the word."""
    assert unsupported(answer) is expected


def lists(t: T, modes: str) -> T:
    """The charger says which types it supports."""
    result = {"component": {"name": "DCDERCtrlr"}, "variable": {"name": "ModesSupported"}, "attributeValue": modes}
    return t.asks("GetVariables").answers({"getVariableResult": [{**result, "attributeStatus": "Accepted"}]})


def malformed(t: T) -> Verdict:
    """The verdict on settings that do not fit."""
    return t.claims("der.refuses_malformed", "BI-20.5", call="@call").judged().verdict


def wrong() -> T:
    """Settings of another type."""
    return T().asks("SetDERControl", control(freqDroop=None)).named("call")


def test_malformed_settings_are_rejected() -> None:
    """Rejected, or an error frame that names the malformation; nothing else."""
    assert malformed(wrong().answers("Rejected")) is PASS
    assert malformed(wrong().errs("OccurrenceConstraintViolation")) is PASS
    assert malformed(wrong().errs("InternalError")) is FAIL
    assert malformed(wrong().answers("Accepted")) is FAIL
    assert malformed(wrong()) is INCONCLUSIVE


def test_not_supported_is_right_for_what_it_does_not_list() -> None:
    """And wrong for what it lists; without a list nobody knows. The list may be read after the claim."""
    assert malformed(lists(wrong().answers("NotSupported"), "FixedVar, VoltVar")) is PASS
    assert malformed(lists(wrong().answers("NotSupported"), "FreqDroop,FixedVar")) is FAIL
    assert malformed(wrong().answers("NotSupported")) is INCONCLUSIVE
    t = wrong().answers("NotSupported").claims("der.refuses_malformed", call="@call")
    assert lists(t, "FixedVar").judged().verdict is PASS
