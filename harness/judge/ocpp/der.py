"""DER control (OCPP 2.1 block R): set, read back, cleared; and refusals as the standard words them."""

from __future__ import annotations

import math
from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import Exchange, OcppMessage, Trace, messages
from requirement_catalog import own_number

_MALFORMED_CODES = (
    "FormatViolation",
    "OccurrenceConstraintViolation",
    "PropertyConstraintViolation",
    "TypeConstraintViolation",
)
_SINGLE_PRECISION = own_number("der.single_precision")


def _pair(trace: Trace, seq: int) -> Exchange:
    return asked_by(trace, seq)


def _status(pair: Exchange) -> str:
    if pair.answer is None:
        return "no answer"
    return str(pair.answer.payload.get("status") or pair.answer.error_code)


def _reports(trace: Trace, get: Exchange, until: int) -> list[OcppMessage]:
    request = get.call.payload.get("requestId")
    return [
        m
        for m in messages(trace.after(get.call.event.seq), action="ReportDERControl", direction="in")
        if m.type == 2 and m.payload.get("requestId") == request and m.event.seq <= until
    ]


@judge("der.set_reported_cleared")
def set_reported_cleared(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetDERControl `set` accepted, `get` reports it unchanged, `clear` accepted, and `gone` no longer finds it."""
    expected = "a DER control is accepted, reads back as it was set, and is gone after it was cleared"
    clause = "OCPP 2.1 R04.FR.02, R04.FR.31, R04.FR.35, R04.FR.46"
    set_, get, clear, gone = (_pair(trace, claim.params[k]) for k in ("set", "get", "clear", "gone"))
    if _status(set_) != "Accepted":
        return holds(False, expected, f"SetDERControl was answered {_status(set_)}", set_.call.event, clause=clause)
    if _status(get) != "Accepted":
        return holds(False, expected, f"GetDERControl was answered {_status(get)}", get.call.event, clause=clause)
    reports = _reports(trace, get, claim.seq)
    wanted = set_.call.payload
    differences = _differences(wanted, reports)
    if differences is None:
        seen = f"the control was not in the {len(reports)} report(s)"
        return holds(False, expected, seen, set_.call.event, get.call.event, clause=clause)
    if differences:
        seen = f"reported otherwise than set: {', '.join(differences)}"
        return holds(False, expected, seen, set_.call.event, reports[0].event, clause=clause)
    if _status(clear) != "Accepted":
        return holds(False, expected, f"ClearDERControl was answered {_status(clear)}", clear.call.event, clause=clause)
    still = _differences(wanted, _reports(trace, gone, claim.seq))
    if still is not None or _status(gone) not in ("NotFound", "Accepted"):
        seen = (
            f"after clearing, GetDERControl was answered {_status(gone)}, control still reported: {still is not None}"
        )
        return holds(False, expected, seen, clear.call.event, gone.call.event, clause=clause)
    seen = f"{wanted['controlType']} set, reported as set, cleared, then {_status(gone)}"
    return holds(True, expected, seen, set_.call.event, reports[0].event, clear.call.event, clause=clause)


def _differences(wanted: dict[str, Any], reports: list[OcppMessage]) -> list[str] | None:
    """Names of settings reported otherwise than set; None when the control is not in the reports."""
    field = next((k for k, v in wanted.items() if isinstance(v, dict) and k != "customData"), "")
    settings = {k: v for k, v in wanted.get(field, {}).items() if k not in ("startTime", "duration")}
    for report in reports:
        for entries in report.payload.values():
            for entry in entries if isinstance(entries, list) else []:
                if not isinstance(entry, dict) or entry.get("id") != wanted["controlId"]:
                    continue
                inner = next((v for k, v in entry.items() if isinstance(v, dict) and k != "customData"), {})
                differ = [k for k, v in settings.items() if not _same(inner.get(k), v)]
                if entry.get("isDefault", wanted.get("isDefault")) != wanted.get("isDefault"):
                    differ.append("isDefault")
                if entry.get("curveType", wanted["controlType"]) != wanted["controlType"]:
                    differ.append("curveType")
                return differ
    return None


def _same(told: Any, asked: Any) -> bool:
    """Whether a setting was kept. A charger that holds it in single precision shows 50.20000076 for 50.2.

    It has to show all digits it holds (OCPP 2.1 Part 2, 2.1.4, decimal); what we sent has at most six places.
    """
    if isinstance(asked, int | float) and not isinstance(asked, bool):
        number = isinstance(told, int | float) and not isinstance(told, bool)
        return number and math.isclose(told, asked, rel_tol=_SINGLE_PRECISION, abs_tol=_SINGLE_PRECISION)
    if isinstance(asked, dict):
        return isinstance(told, dict) and told.keys() == asked.keys() and all(_same(told[k], asked[k]) for k in asked)
    if isinstance(asked, list):
        return isinstance(told, list) and len(told) == len(asked) and all(map(_same, told, asked))
    return bool(told == asked)


@judge("der.refuses_unsupported")
def refuses_unsupported(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetDERControl `call` with a control type the charger does not list is answered NotSupported (R04.FR.01)."""
    expected = "a DER control that it does not support is answered NotSupported"
    pair = _pair(trace, claim.params["call"])
    return holds(
        _status(pair) == "NotSupported",
        expected,
        f"answered {_status(pair)}",
        pair.call.event,
        pair.answer.event if pair.answer else None,
        clause="OCPP 2.1 R04.FR.01",
    )


@judge("der.accepts")
def accepts(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetDERControl `call` was accepted: the control of a refusal, as who refuses everything shows nothing."""
    pair = _pair(trace, claim.params["call"])
    evidence = pair.answer.event if pair.answer is not None else pair.call.event
    return holds(_status(pair) == "Accepted", "a setting as it should be is accepted", _status(pair), evidence)


@judge("der.refuses_malformed", whole=True)
def refuses_malformed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetDERControl `call` whose settings do not fit its type is Rejected, or refused as malformed (R04.FR.16, .17).

    A charger that does not list the type may say NotSupported instead (R04.FR.01); what it lists may be read later.
    """
    expected = "a DER control whose settings do not fit its type is rejected"
    clause = "OCPP 2.1 R04.FR.16, R04.FR.17 (errata 2025-09)"
    pair = _pair(trace, claim.params["call"])
    status = _status(pair)
    if pair.answer is None:
        return unseen(expected, "no answer came", acted="dut", clause=clause)
    evidence = (pair.call.event, pair.answer.event)
    if status == "NotSupported":
        kind, known = str(pair.call.payload.get("controlType")), _modes(trace)
        if known is None:
            return found(
                Verdict.INCONCLUSIVE,
                expected,
                f"answered {status}; which types it supports is not known",
                *evidence,
                clause=clause,
            )
        if kind not in known:
            return holds(True, expected, f"answered {status}: it does not list {kind}", *evidence, clause=clause)
    fits = status == "Rejected" or status in _MALFORMED_CODES
    return holds(fits, expected, f"answered {status}", *evidence, clause=clause)


def _modes(trace: Trace) -> set[str] | None:
    """The control types that the charger said it supports, by GetVariables or a report; None when it never did."""
    told = trace.once("control types", lambda: _told_modes(trace.whole))
    known = [modes for seq, modes in told if seq in trace.numbers]
    return set().union(*known) if known else None


def _told_modes(trace: Trace) -> list[tuple[int, set[str]]]:
    told: list[tuple[int, set[str]]] = []
    for message in messages(trace, action=("GetVariables", "NotifyReport"), direction="in"):
        for key in ("getVariableResult", "reportData"):
            for item in message.payload.get(key) or []:
                name = (item.get("variable") or {}).get("name") if isinstance(item, dict) else None
                if str(name).lower() != "modessupported":  # identifierString: case-insensitive
                    continue
                attributes = item.get("variableAttribute") or [{"value": item.get("attributeValue")}]
                values = [a["value"] for a in attributes if a.get("value") is not None]
                told += [(message.seq, {mode.strip() for mode in str(value).split(",")}) for value in values]
    return told
