"""OCPP B05: setting variables."""

from __future__ import annotations

import re
from math import isclose

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import is_supported
from harness.judge.rules._read import full_name, items, named

_TAKEN = ("Accepted", "RebootRequired")
# generous: how a number is written is no matter here, only that it is one
_FORMS = {
    "integer": re.compile(r"[+-]?\d+(\.0*)?"),
    "decimal": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"),
    "boolean": re.compile(r"true|false|0|1", re.IGNORECASE),
}


@rule("OCPP-B05.R001", "result:SetVariables")
def one_result_for_each(s: Station, m: Message) -> bool | str | None:
    """B05.FR.01: as many results as there were variables to set."""
    asked, told = len(items(m.asked.get("setVariableData"))), len(items(m.payload.get("setVariableResult")))
    if m.call is None:
        return None
    return True if asked == told else f"{asked} variables to set, {told} results"


@rule("OCPP-B05.R011", "result:SetVariables", "error:SetVariables")
def variables_can_be_set(s: Station, m: Message) -> bool | str | None:
    """B05.FR.01: the setting of variables is answered with results; that it is not supported is no answer."""
    return is_supported(s, m)


@rule("OCPP-B05.R002", "result:SetVariables")
def results_name_what_was_set(s: Station, m: Message) -> bool | str | None:
    """B05.FR.02: each result names component and variable of the request."""
    if m.call is None:
        return None
    asked = {full_name(each) for each in items(m.asked.get("setVariableData"))}
    other = [r for r in items(m.payload.get("setVariableResult")) if full_name(r) not in asked]
    return f"a result is about {named(other[0])}, which nobody set" if other else True


@rule("OCPP-B05.R003", "result:SetVariables")
def results_name_the_attribute(s: Station, m: Message) -> bool | str | None:
    """B05.FR.03, .12: each result names the attribute that was set; Actual where the request named none."""
    if m.call is None:
        return None
    asked = {(full_name(x), x.get("attributeType", "Actual")) for x in items(m.asked.get("setVariableData"))}
    told = [(full_name(x), x.get("attributeType", "Actual"), x) for x in items(m.payload.get("setVariableResult"))]
    other = [x for name, kind, x in told if (name, kind) not in asked]
    return f"{named(other[0])}: the result is about {other[0].get('attributeType')}" if other else True


@rule("OCPP-B05.R007", "result:SetVariables")
def accepted_values_fit_their_type(s: Station, m: Message) -> list[bool | str]:
    """B05.FR.07: what is no value of the type that its own report tells is not accepted."""
    said: list[bool | str] = []
    wanted = items(m.asked.get("setVariableData"))
    taken = {full_name(x) for x in items(m.payload.get("setVariableResult")) if x.get("attributeStatus") in _TAKEN}
    for x in wanted if len({full_name(each) for each in wanted}) == len(wanted) else ():
        form = _FORMS.get(s.kinds.get(full_name(x), ("", ""))[0])
        if form is not None and full_name(x) in taken and x.get("attributeType", "Actual") == "Actual":
            value = str(x.get("attributeValue")).strip()
            if not value:
                continue  # an empty text is how a variable without a value reads (B06.FR.13)
            said.append(True if form.fullmatch(value) else f"{named(x)} took the value {value[:60]!r}")
    return said


@rule("OCPP-B05.R010", "result:GetVariables")
def reads_back_as_set(s: Station, m: Message) -> list[bool | str]:
    """B05.FR.10: a value that was accepted is the variable's value from then on."""
    said: list[bool | str] = []
    for x in items(m.payload.get("getVariableResult")):
        wanted, value = s.was_set.get(full_name(x)), x.get("attributeValue")
        if named(x).lower() == "clockctrlr.datetime":
            continue  # it goes on
        if (
            wanted is not None
            and x.get("attributeStatus") == "Accepted"
            and x.get("attributeType", "Actual") == "Actual"
        ):
            same = _are_alike(wanted, str(value), s.limits["digits"])
            said.append(True if same else f"{named(x)} was set to {wanted[:60]} and reads {str(value)[:60]}")
    return said


def _are_alike(wanted: str, told: str, share: float) -> bool:
    """Two ways to write one value are the same value; a number may have been kept with fewer digits."""
    try:
        return isclose(float(wanted), float(told), rel_tol=share)
    except ValueError:
        return _parts(wanted) == _parts(told)


def _parts(value: str) -> list[str]:
    return sorted(part.strip().lower() for part in value.split(","))
