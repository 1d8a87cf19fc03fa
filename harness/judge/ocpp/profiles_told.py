"""Which of our charging profiles a charger reports when it is asked by a criterion."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import Trace, messages

_CLAUSE = "OCPP 2.0.1 K09.FR.02, K09.FR.04, K09.FR.05, K09.FR.06"


@judge("profiles_told.meant")
def meant(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetChargingProfiles `get` was accepted, and its report ends and has, of the profiles `ours`, those of `meant`.

    Profiles that the charger has from others are not looked at.
    """
    get, wanted, ours = asked_by(trace, claim.params["get"]), set(claim.params["meant"]), set(claim.params["ours"])
    expected = f"of our limits it reports {', '.join(map(str, sorted(wanted)))} and no other"
    if get.answer is None:
        return unseen(expected, "it was not answered", acted="dut", clause=_CLAUSE)
    status = str(get.answer.payload.get("status") or get.answer.error_code)
    if status != "Accepted":
        return holds(False, expected, f"it was answered {status}", get.call.event, get.answer.event, clause=_CLAUSE)
    number = get.call.payload.get("requestId")
    sent = messages(trace.after(get.call.seq).up_to(claim.seq), action="ReportChargingProfiles", direction="in")
    parts = [m for m in sent if m.type == 2 and m.payload.get("requestId") == number]
    events = (get.call.event, get.answer.event, *(m.event for m in parts[-2:]))
    if not parts or parts[-1].payload.get("tbc") is True:
        return holds(False, expected, "its report never ended", *events, clause=_CLAUSE)
    told = {p.get("id") for m in parts for p in m.payload.get("chargingProfile") or [] if isinstance(p, dict)} & ours
    return holds(
        told == wanted,
        expected,
        f"it reports {', '.join(map(str, sorted(told, key=str))) or 'none'}",
        *events,
        clause=_CLAUSE,
    )
