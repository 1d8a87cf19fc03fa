"""OCPP B08: custom reports."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import report_owed
from harness.judge.rules._read import items, named, part


@rule("OCPP-B08.R003", "result:GetReport", "call:NotifyReport")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """B08.FR.03: a report that was accepted is sent, to its end."""
    return report_owed(s, m, "NotifyReport", "GetReport")


@rule("OCPP-B08.R011", "asked:GetReport", "asked:GetBaseReport", "call:NotifyReport")
def reports_hold_what_was_asked_for(s: Station, m: Message) -> bool | str | None:
    """B08.FR.11: a report of variables that were named holds no others."""
    kept, identity = s.note("B08.R011"), m.payload.get("requestId")  # requestId -> what it named
    if m.action != "NotifyReport":  # one number for two requests: either may be meant
        whole = m.action == "GetBaseReport" or m.payload.get("componentCriteria") or identity in kept
        kept[identity] = [] if whole else items(m.payload.get("componentVariable"))
        return None
    if not kept.get(identity):
        return None
    other = [x for x in items(m.payload.get("reportData")) if not any(_is_of(x, each) for each in kept[identity])]
    return f"a report that was to hold others tells {named(other[0])}" if other else True


def _is_of(told: dict[str, object], wanted: dict[str, object]) -> bool:
    """By the names alone: what a request leaves out (EVSE, instance) stands for all of them, FR.20 and FR.21."""
    paths = [path for path in (("component", "name"), ("variable", "name")) if part(wanted, *path) is not None]
    return all(str(part(told, *path)).lower() == str(part(wanted, *path)).lower() for path in paths)
