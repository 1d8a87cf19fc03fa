"""OCPP B06: reading variables."""

from __future__ import annotations

from typing import Any

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._owed import is_supported
from harness.judge.rules._read import full_name, items, named, part

_SECRET = ("securityctrlr.basicauthpassword",)  # WriteOnly by the list of standard variables
_COME_AND_GO = ("connectedev", "networkconfiguration")  # there may be one since
_UNKNOWN = ("UnknownComponent", "UnknownVariable", "NotSupportedAttributeType")


@rule("OCPP-B06.R001", "result:GetVariables")
def one_result_for_each(s: Station, m: Message) -> bool | str | None:
    """B06.FR.01: as many results as there were variables to read."""
    asked, told = len(items(m.asked.get("getVariableData"))), len(items(m.payload.get("getVariableResult")))
    if m.call is None:
        return None
    return True if asked == told else f"{asked} variables to read, {told} results"


@rule("OCPP-B06.R011", "result:GetVariables", "error:GetVariables")
def variables_can_be_read(s: Station, m: Message) -> bool | str | None:
    """B06.FR.01: the reading of variables is answered with results; that it is not supported is no answer."""
    return is_supported(s, m)


@rule("OCPP-B06.R002", "result:GetVariables")
def results_name_what_was_read(s: Station, m: Message) -> bool | str | None:
    """B06.FR.02, .14: each result names component, variable and instance of the request."""
    if m.call is None:
        return None
    asked = {full_name(each) for each in items(m.asked.get("getVariableData"))}
    other = [r for r in items(m.payload.get("getVariableResult")) if full_name(r) not in asked]
    return f"a result is about {named(other[0])}, which nobody asked for" if other else True


@rule("OCPP-B06.R003", "result:GetVariables")
def results_name_the_attribute(s: Station, m: Message) -> bool | str | None:
    """B06.FR.03, .11: each result names the attribute that was read; Actual where the request named none."""
    if m.call is None:
        return None
    asked = {(full_name(x), x.get("attributeType", "Actual")) for x in items(m.asked.get("getVariableData"))}
    told = [(full_name(x), x.get("attributeType", "Actual"), x) for x in items(m.payload.get("getVariableResult"))]
    other = [x for name, kind, x in told if (name, kind) not in asked]
    return f"{named(other[0])}: the result is about {other[0].get('attributeType')}" if other else True


@rule("OCPP-B06.R006", "result:GetVariables")
def unknown_ones_have_no_value(s: Station, m: Message) -> list[bool | str]:
    """B06.FR.06 to .08: what is unknown has no value."""
    unknown = [x for x in items(m.payload.get("getVariableResult")) if x.get("attributeStatus") in _UNKNOWN]
    return [
        f"{named(x)} is {x['attributeStatus']} and has a value" if x.get("attributeValue") else True for x in unknown
    ]


@rule("OCPP-B06.R009", "result:GetVariables")
def what_is_only_written_is_not_read(s: Station, m: Message) -> list[bool | str]:
    """B06.FR.09: what is WriteOnly, by its own report or by the standard's list, cannot be read."""
    said: list[bool | str] = []
    for x in items(m.payload.get("getVariableResult")):
        _, mutability = s.kinds.get(full_name(x), ("", "WriteOnly" if named(x).lower() in _SECRET else ""))
        if mutability and x.get("attributeType", "Actual") == "Actual":
            told = mutability == "WriteOnly" and x.get("attributeStatus") == "Accepted"
            said.append(f"{named(x)} is WriteOnly, and was told" if told else True)
    return said


@rule("OCPP-B06.R010", "result:GetVariables")
def accepted_ones_have_a_value(s: Station, m: Message) -> list[bool | str]:
    """B06.FR.10, .13: what could be read has a value, if only an empty one."""
    read = [x for x in items(m.payload.get("getVariableResult")) if x.get("attributeStatus") == "Accepted"]
    return [
        True if isinstance(x.get("attributeValue"), str) else f"{named(x)} is Accepted without a value" for x in read
    ]


@rule("OCPP-B06.R016", "asked:GetBaseReport", "call:NotifyReport", "call:BootNotification", "result:GetVariables")
def what_it_does_not_have_has_no_value(s: Station, m: Message) -> list[bool | str]:
    """B06.FR.06: a component that its full inventory does not name is unknown."""
    kept = s.note("B06.R016")  # which report is read, the part that comes next, the names so far, and all once whole
    if m.action != "GetVariables":
        _inventory(s, m, kept)
        return []
    names, said = kept.get("all", ()), list[bool | str]()
    for x in items(m.payload.get("getVariableResult")) if "all" in kept and m.call is not None else ():
        name = str(part(x, "component", "name")).lower()
        if name not in _COME_AND_GO:
            other = x.get("attributeStatus") == "Accepted" and name not in names
            said.append(f"{named(x)} has a value, and its full inventory names no such component" if other else True)
    return said


def _inventory(s: Station, m: Message, kept: dict[Any, Any]) -> None:
    """Takes in the parts of the newest full inventory; one of which a part is missing is none."""
    if m.action != "NotifyReport":
        kept.clear()
        if m.payload.get("reportBase") == "FullInventory":
            kept.update({"of": m.payload.get("requestId"), "next": 0, "names": set()})
    elif m.payload.get("requestId") == kept.get("of") and "names" in kept:
        if m.payload.get("seqNo") != kept["next"] or s.requests.get(("GetBaseReport", kept["of"])) != "Accepted":
            kept.clear()
            return
        kept["next"] += 1
        kept["names"] |= {str(part(x, "component", "name")).lower() for x in items(m.payload.get("reportData"))}
        if not m.payload.get("tbc"):
            kept["all"] = frozenset(kept.pop("names"))
