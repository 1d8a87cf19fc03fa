"""The device model as it shows on the wire: variables set, read back, refused, and reported in full."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import Trace, messages

_CALL = 2


@judge("core_ocpp.variable_set_and_read_back")
def variable_set_and_read_back(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetVariables `set` was accepted and GetVariables `get` then returned what was set (B05, B06)."""
    expected = "a writable variable takes a new value and reads back as that value"
    setting, reading = asked_by(trace, claim.params["set"]), asked_by(trace, claim.params["get"])
    if setting.answer is None or reading.answer is None:
        return holds(False, expected, "the request was never answered", setting.call.event, reading.call.event)
    asked = setting.call.payload["setVariableData"][0]
    status = _first(setting.answer.payload, "setVariableResult").get("attributeStatus")
    result = _first(reading.answer.payload, "getVariableResult")
    name = f"{asked['component']['name']}.{asked['variable']['name']}"
    if reading.call.event.seq < setting.answer.event.seq:
        return unseen(expected, f"{name} was read before it was set")
    seen = f"{name}: set to {asked['attributeValue']}: {status}; read back {result.get('attributeValue')!r}"
    same = str(result.get("attributeValue")) == str(asked["attributeValue"]) and name_of(result) == name.lower()
    clause = "OCPP 2.0.1 B05.FR.10, B06.FR.02, B06.FR.10"
    if status == "RebootRequired" and not same:
        return unseen(expected, f"{seen} (it takes effect after a reboot)", acted="dut", clause=clause)
    ok = status in ("Accepted", "RebootRequired") and same
    return holds(ok, expected, seen, setting.answer.event, reading.answer.event, clause=clause)


@judge("core_ocpp.fitting_value_taken")
def fitting_value_taken(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetVariables `set` was accepted: the control of a refusal, so that one that refuses everything proves nothing."""
    expected = "the same setting takes a value that fits"
    pair = asked_by(trace, claim.params["set"])
    if pair.answer is None:
        return unseen(expected, "no answer", acted="dut")
    status = _first(pair.answer.payload, "setVariableResult").get("attributeStatus", pair.answer.error_code)
    return holds(status in ("Accepted", "RebootRequired"), expected, f"answered {status}", pair.answer.event)


@judge("core_ocpp.known_variable_told")
def known_variable_told(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetVariables `get` of a component that exists was answered with its value: the control of a refusal."""
    expected = "a setting that it has is told"
    pair = asked_by(trace, claim.params["get"])
    if pair.answer is None:
        return unseen(expected, "no answer", acted="dut")
    result = _first(pair.answer.payload, "getVariableResult")
    status = result.get("attributeStatus", pair.answer.error_code)
    told = status == "Accepted" and result.get("attributeValue") is not None
    return holds(told, expected, f"answered {status}, {result.get('attributeValue')!r}", pair.answer.event)


@judge("core_ocpp.unfit_value_refused")
def unfit_value_refused(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetVariables `set` with text for a variable that is a number is answered Rejected (B05.FR.07)."""
    expected = "a value that does not fit the variable's type is answered Rejected"
    clause = "OCPP 2.0.1 B05.FR.07"
    pair = asked_by(trace, claim.params["set"])
    if pair.answer is None:
        return holds(False, expected, "no answer", pair.call.event, clause=clause)
    status = _first(pair.answer.payload, "setVariableResult").get("attributeStatus", pair.answer.error_code)
    value = pair.call.payload["setVariableData"][0]["attributeValue"]
    return holds(status == "Rejected", expected, f"{value!r} was answered {status}", pair.answer.event, clause=clause)


@judge("core_ocpp.unknown_variable_refused")
def unknown_variable_refused(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetVariables `get` for a component that does not exist is answered UnknownComponent, not with an error (B06)."""
    expected = "an unknown component is answered with UnknownComponent"
    pair = asked_by(trace, claim.params["get"])
    if pair.answer is None:
        return holds(False, expected, "no answer", pair.call.event)
    status = _first(pair.answer.payload, "getVariableResult").get("attributeStatus", pair.answer.error_code)
    return holds(
        status == "UnknownComponent", expected, f"answered {status}", pair.answer.event, clause="OCPP 2.0.1 B06.FR.06"
    )


@judge("core_ocpp.full_report")
def full_report(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetBaseReport `call` led to NotifyReport parts numbered from 0, the last one final, with `holds` in them."""
    expected = "a full report comes in numbered parts and holds the variables the standard requires"
    clause = "OCPP 2.0.1 B07.FR.03, B07.FR.08, B07.FR.10, B07.FR.12"
    pair = asked_by(trace, claim.params["call"])
    request = pair.call.payload["requestId"]
    parts = [
        m
        for m in messages(trace.after(pair.call.event.seq), action="NotifyReport", direction="in")
        if m.type == _CALL and m.payload.get("requestId") == request and m.event.seq <= claim.seq
    ]
    parts = [m for n, m in enumerate(parts) if m.payload not in [p.payload for p in parts[:n]]]  # without retries
    if not parts:
        said = pair.answer and (pair.answer.payload.get("status") or pair.answer.error_code)
        if said == "Rejected":
            return unseen(
                expected, "it answered Rejected, as it may for a while (B07.FR.13)", acted="dut", clause=clause
            )
        seen = f"it answered {said or 'nothing'}, and no part of the report came"
        return holds(False, expected, seen, pair.call.event, clause=clause)
    numbers = [m.payload.get("seqNo") for m in parts]
    if numbers != list(range(len(numbers))) or parts[-1].payload.get("tbc", False):
        return holds(False, expected, f"parts {numbers}, the last one open", parts[-1].event, clause=clause)
    reported = [d for m in parts for d in m.payload.get("reportData") or []]
    names = {name_of(d) for d in reported if isinstance(d, dict)}
    missing = [n for n in claim.params.get("holds", []) if n.lower() not in names]
    seen = f"{len(parts)} parts, {len(names)} variables" + (f"; missing: {', '.join(missing)}" if missing else "")
    return holds(not missing, expected, seen, parts[0].event, parts[-1].event, clause=clause)


def name_of(item: dict[str, Any]) -> str:
    """ "component.variable" of a report's or result's entry, in small letters: OCPP's names have no case."""
    component, variable = item.get("component"), item.get("variable")
    names = [part.get("name") if isinstance(part, dict) else None for part in (component, variable)]
    return ".".join(str(n) for n in names).lower()


def _first(payload: dict[str, Any], key: str) -> dict[str, Any]:
    listed = payload.get(key) or [{}]
    return listed[0] if isinstance(listed[0], dict) else {}
