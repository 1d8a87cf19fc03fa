"""OCPP B07: base reports."""

from __future__ import annotations

from typing import Any

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import is_supported, parts_are_numbered, report_owed, was_requested
from harness.judge.rules._read import items, named, part, text_of

_LISTS = ("OptionList", "MemberList", "SequenceList")
_CUT_AT = 1000  # characters: the field's length (2.x, VariableCharacteristicsType)


@rule("OCPP-B07.R003", "result:GetBaseReport", "call:NotifyReport")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """B07.FR.03: a base report that was accepted is sent, to its end."""
    return report_owed(s, m, "NotifyReport", "GetBaseReport")


@rule("OCPP-B07.R012", "result:GetBaseReport", "error:GetBaseReport")
def base_reports_are_supported(s: Station, m: Message) -> bool | str | None:
    """B07.FR.01, .12: a station supports the reports of all that can be set, and of all that there is."""
    wanted = m.asked.get("reportBase")
    if m.is_result and wanted not in ("ConfigurationInventory", "FullInventory"):
        return None
    return f"it answered {wanted} with NotSupported" if m.status == "NotSupported" else is_supported(s, m)


@rule("OCPP-B07.R004", "call:NotifyReport")
def reports_name_their_request(s: Station, m: Message) -> bool | str | None:
    """B07.FR.04, .05, B08.FR.04: a report has the requestId of a request that was accepted."""
    return was_requested(s, m, "GetBaseReport", "GetReport")


@rule("OCPP-B07.R010", "call:NotifyReport")
def parts_are_in_order(s: Station, m: Message) -> bool | str | None:
    """B07.FR.10, B08.FR.14: the parts of a report are numbered from 0 by ones."""
    return parts_are_numbered(s, m)


@rule("OCPP-B07.R007", "call:NotifyReport")
def lists_tell_what_may_be_in_them(s: Station, m: Message) -> list[bool | str]:
    """B07.FR.07, valuesList is mandatory for an OptionList, a MemberList and a SequenceList."""
    lists = [x for x in items(m.payload.get("reportData")) if part(x, "variableCharacteristics", "dataType") in _LISTS]
    return [
        True
        if isinstance(part(x, "variableCharacteristics", "valuesList"), str)
        else f"{named(x)} is a list, and what may be in it is not told"
        for x in lists
    ]


@rule("OCPP-B07.R008", "call:NotifyReport")
def values_are_among_those_that_may_be(s: Station, m: Message) -> list[bool | str]:
    """B07.FR.07, valuesList: the actual value of a list is one, or some, of those in its valuesList."""
    found: list[bool | str] = []
    for each in items(m.payload.get("reportData")):
        kind, may_be = (part(each, "variableCharacteristics", key) for key in ("dataType", "valuesList"))
        actual = next((text_of(a.get("value")) for a in items(each.get("variableAttribute")) if _is_actual(a)), None)
        if kind not in _LISTS or not isinstance(may_be, str) or not actual or len(may_be) >= _CUT_AT:
            continue  # an unset one has no value, and a list as long as the field may have been cut
        known = {one.strip().lower() for one in may_be.split(",")}
        told = [actual] if kind == "OptionList" else actual.split(",")
        other = [one.strip() for one in told if one.strip().lower() not in known]
        found.append(f"{named(each)} is {other[0]!r}, which is none of {may_be!r}" if other else True)
    return found


def _is_actual(attribute: dict[str, Any]) -> bool:
    return bool(attribute.get("type", "Actual") == "Actual")
