"""What a slow or a broken line must not cost: events that were under way, and the line itself."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.line._attribution import callers_of
from harness.judge.line.connectivity import opened_after
from harness.judge.ocpp._transactions import number_of, transaction_of, value_read
from harness.trace import Trace, exchanges, messages

_CALL = 2


@judge("kept_up.told_again")
def told_again(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """What sessions told between events `since` and `cut` and got no answer to is told again once it is connected.

    GetVariables `attempts` read MessageAttempts: where one attempt is all, what was lost is given up (E13.FR.04).
    """
    expected, clause = "what was not answered when the line broke is told again", "OCPP 2.0.1 E13.FR.02, E04.FR.01"
    cut, since = trace.by_seq(claim.params["cut"]), int(claim.params["since"])
    asked = exchanges(trace.after(since).up_to(cut.seq), direction="in")
    lost = [e.call for e in asked if e.call.action == "TransactionEvent" and e.answer is None]
    if not lost:
        return unseen(expected, "it told nothing, or all of it was answered", acted="dut", clause=clause)
    if value_read(trace, claim.params["attempts"]) == "1":
        return unseen(expected, "by its own setting one attempt is all", acted="dut", clause=clause)
    if opened_after(trace, cut.seq, claim.seq) is None:
        return unseen(expected, "it did not come back to be told anything", acted="dut", clause=clause)
    later = messages(trace.after(cut.seq).up_to(claim.seq), action="TransactionEvent", direction="in")
    told = {(transaction_of(m), number_of(m)) for m in later if m.type == _CALL}
    gone = [m for m in lost if (transaction_of(m), number_of(m)) not in told]
    seen = f"of {len(lost)} events without an answer, {len(lost) - len(gone)} were told again"
    return holds(not gone, expected, seen, *(m.event for m in (gone or lost)[:4]), clause=clause)


@judge("kept_up.line_stays")
def line_stays(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From event `since` to the claim our backend answered late, within MessageTimeout: the charger keeps its line."""
    expected, clause = "it waits for an answer and keeps its connection", "OCPP 2.0.1 OCPPCommCtrlr.MessageTimeout"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    late = [e for e in part.of("provoked") if e.data.get("what") == "a late answer"]
    if not late:
        return unseen(expected, "it asked nothing that could be answered late", acted="dut", clause=clause)
    callers = callers_of(trace)
    closed = [e for e in part.of("ocpp.connection") if e.data.get("state") == "closed" and callers.was_connected(e)]
    after = [e for e in closed if e.seq > late[0].seq]
    said = f"it closed it {(after[0].t_ns - late[0].t_ns) / 1e9:.1f} s after it had asked" if after else "it did"
    return holds(not after, expected, said, late[0], *after[:1], clause=clause)
