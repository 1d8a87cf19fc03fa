"""Which charging profiles a charger says it has, held against those that it should have."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import Trace, messages

_CLAUSE = "OCPP 2.0.1 K10.FR.01, K10.FR.03, K10.FR.04"
_K09 = "OCPP 2.0.1 K09.FR.02, K09.FR.04, K09.FR.05, K09.FR.06"


@judge("profiles.cleared")
def cleared(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After ClearChargingProfile `call`, GetChargingProfiles `get`, for these ids, reports those of `left` alone.

    The clear itself was answered Accepted, or Unknown where `matched` says that nothing fitted (K10.FR.01, .04).
    """
    clear, get = asked_by(trace, claim.params["call"]), asked_by(trace, claim.params["get"])
    left, matched = set(claim.params["left"]), bool(claim.params["matched"])
    named = ", ".join(map(str, sorted(left))) or "none"
    expected = f"what was meant is cleared, and of the others are left: {named}"
    if clear.answer is None or get.answer is None:
        return unseen(expected, "a request was not answered", acted="dut", clause=_CLAUSE)
    answered = str(clear.answer.payload.get("status") or clear.answer.error_code)
    events = (clear.call.event, clear.answer.event, get.answer.event)
    if answered != ("Accepted" if matched else "Unknown"):
        return holds(False, expected, f"the clear was answered {answered}", *events, clause=_CLAUSE)
    status = str(get.answer.payload.get("status") or get.answer.error_code)
    if status not in ("Accepted", "NoProfiles"):
        return unseen(expected, f"it was asked what is left, and answered {status}", acted="dut", clause=_CLAUSE)
    number = get.call.payload.get("requestId")
    sent = messages(trace.after(get.call.seq).up_to(claim.seq), action="ReportChargingProfiles", direction="in")
    parts = [m for m in sent if m.type == 2 and m.payload.get("requestId") == number]
    if status == "Accepted" and (not parts or parts[-1].payload.get("tbc") is True):
        return unseen(expected, "its report of what is left never ended", acted="dut", clause=_CLAUSE)
    told = {p.get("id") for m in parts for p in m.payload.get("chargingProfile") or [] if isinstance(p, dict)}
    seen = f"answered {answered}; left are {', '.join(map(str, sorted(told, key=str))) or 'none'}"
    return holds(told == left, expected, seen, *events, *(m.event for m in parts[-2:]), clause=_CLAUSE)


@judge("profiles.reported")
def reported(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetChargingProfiles `get` was accepted, and its report ends and has, of the profiles `ours`, those of `meant`.

    Profiles that the charger has from others are not looked at.
    """
    get, wanted, ours = asked_by(trace, claim.params["get"]), set(claim.params["meant"]), set(claim.params["ours"])
    expected = f"of our limits it reports {', '.join(map(str, sorted(wanted)))} and no other"
    if get.answer is None:
        return unseen(expected, "it was not answered", acted="dut", clause=_K09)
    status = str(get.answer.payload.get("status") or get.answer.error_code)
    if status != "Accepted":
        return holds(False, expected, f"it was answered {status}", get.call.event, get.answer.event, clause=_K09)
    number = get.call.payload.get("requestId")
    sent = messages(trace.after(get.call.seq).up_to(claim.seq), action="ReportChargingProfiles", direction="in")
    parts = [m for m in sent if m.type == 2 and m.payload.get("requestId") == number]
    events = (get.call.event, get.answer.event, *(m.event for m in parts[-2:]))
    if not parts or parts[-1].payload.get("tbc") is True:
        return holds(False, expected, "its report never ended", *events, clause=_K09)
    told = {p.get("id") for m in parts for p in m.payload.get("chargingProfile") or [] if isinstance(p, dict)} & ours
    return holds(
        told == wanted,
        expected,
        f"it reports {', '.join(map(str, sorted(told, key=str))) or 'none'}",
        *events,
        clause=_K09,
    )
