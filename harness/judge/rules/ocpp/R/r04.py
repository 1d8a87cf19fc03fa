"""OCPP R04: grid-code settings (2.1)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import report_owed, was_requested
from harness.judge.rules._read import number, told_at_s

_TELL = ("asked:SetDERControl", "result:SetDERControl", "result:ClearDERControl", "call:NotifyDERStartStop")


class _Control(NamedTuple):
    kind: Any
    priority: float
    lasts_s: float


@rule("OCPP-R04.R031", "call:ReportDERControl")
def reports_name_their_request(s: Station, m: Message) -> bool | str | None:
    """R04.FR.31: a report of settings has the requestId of a request that was accepted."""
    return was_requested(s, m, "GetDERControl")


@rule("OCPP-R04.R032", "result:GetDERControl", "call:ReportDERControl")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """R04.FR.32 to .35: settings that were promised are reported, to the last part."""
    return report_owed(s, m, "ReportDERControl", "GetDERControl")


@rule("OCPP-R04.R021", *_TELL)
def a_start_names_what_it_supersedes(s: Station, m: Message) -> bool | str | None:
    """R04.FR.21: a setting that starts names the active one of its kind that it supersedes."""
    known, active, identity = s.note("R04.R021"), s.note("R04.R021 active"), m.payload.get("controlId")
    if m.action != "NotifyDERStartStop":
        _set_or_cleared(m, known, active)
        return None
    named, mine = m.payload.get("supersededIds") or [], known.get(identity)
    active.pop(identity, None)
    due = [x for x, held in active.items() if mine and _gives_way(known.get(x), mine) and _runs(s, m, held)]
    if m.payload.get("started") is True:
        _starts(m, active, mine)
    if not due or m.payload.get("started") is not True or s.waits_for("SetDERControl", "ClearDERControl"):
        return None
    return True if set(due) <= set(named) else f"{identity} started, and did not name {due[0]}, which it supersedes"


def _starts(m: Message, active: OrderedDict[Any, Any], mine: _Control | None) -> None:
    """It is active, and what it names is no longer."""
    for other in m.payload.get("supersededIds") or []:
        active.pop(other, None)
    active[m.payload.get("controlId")] = (m.connection, (told_at_s(m) or 0) + mine.lasts_s if mine else 0)


def _set_or_cleared(m: Message, known: OrderedDict[Any, Any], active: OrderedDict[Any, Any]) -> None:
    """Takes in what was accepted; of what is cleared without an id nobody knows how much is meant."""
    if m.is_call:
        known.pop(m.payload.get("controlId"), None)  # set anew, or not: its answer tells
    if m.status != "Accepted":
        return
    identity = m.asked.get("controlId")
    settings = [v for v in m.asked.values() if isinstance(v, dict) and "priority" in v]
    for kept in (known, active):
        if identity is None:
            kept.clear()
        kept.pop(identity, None)
    if m.action == "SetDERControl" and m.asked.get("isDefault") is False and len(settings) == 1:
        lasts_s = number(settings[0].get("duration"))
        if lasts_s is not None:
            known[identity] = _Control(m.asked.get("controlType"), number(settings[0]["priority"]) or 0.0, lasts_s)


def _gives_way(other: _Control | None, mine: _Control) -> bool:
    return other is not None and other.kind == mine.kind and other.priority > mine.priority


def _runs(s: Station, m: Message, held: tuple[int, float]) -> bool:
    """Whether an active one goes on for a while; one of an earlier connection may be over."""
    return held[0] == m.connection and (told_at_s(m) or 0) < held[1] - s.limits["close"]


@rule("OCPP-R04.R022", "result:SetDERControl", "call:NotifyDERStartStop")
def the_end_of_a_setting_is_told(s: Station, m: Message) -> Debt | None:
    """R04.FR.22: a setting that has run for its time is told as ended."""
    kept, identity = s.note("R04.R022"), m.asked.get("controlId") if m.is_result else m.payload.get("controlId")
    if m.is_result:
        timed = [number(v.get("duration")) for v in m.asked.values() if isinstance(v, dict) and "duration" in v]
        kept.pop(identity, None)
        if m.status == "Accepted" and m.asked.get("isDefault") is False and len(timed) == 1:
            kept[identity] = timed[0]
        return None
    lasts_s = kept.get(identity)
    return None if lasts_s is None or m.payload.get("started") is not True else _end_of(s, identity, lasts_s)


def _end_of(s: Station, identity: object, lasts_s: float) -> Debt:
    def is_end(x: Message) -> bool:
        told = x.is_call and x.action == "NotifyDERStartStop" and x.payload.get("started") is False
        return told and x.payload.get("controlId") == identity

    def may_be_another(x: Message) -> bool:  # superseded, set anew or cleared, its end is told otherwise or not at all
        return x.payload.get("started") is True or x.action in ("SetDERControl", "ClearDERControl", "BootNotification")

    seen = f"setting {identity} started for {lasts_s:g} s, and its end was not told"
    return Debt(seen, lasts_s + s.limits["told"], is_end, ends_by=may_be_another)
