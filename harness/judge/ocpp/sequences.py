"""Small facts of the connection: which version of OCPP was agreed."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.judge.line._attribution import callers_of
from harness.trace import Trace


@judge("sequences.connected_by")
def connected_by(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The newest connection agreed on the subprotocol `version`; one that came without offering it settles it too.

    A charger that offered it, and was answered with another, is not to blame: the backend chooses (OCPP-J Part 4, 3.3).
    """
    version = str(claim.params["version"])
    expected = f"it connects by {version}"
    clause = "OCPP 2.1 Part 4"
    callers = callers_of(trace)
    seen = list(trace.of("ocpp.connection").up_to(claim.seq))
    opened = callers.charger(e for e in seen if e.data.get("state") == "open")
    since = opened[-1].seq if opened else -1
    turned_away = [e for e in seen if e.data.get("state") == "refused" and e.data.get("offered") and since < e.seq]
    aside = callers.aside(turned_away)
    without = [e for e in turned_away if version not in e.data["offered"]]
    if own := callers.charger(turned_away)[-1:]:
        if own[0] in without:
            offered = f"it offered only {', '.join(own[0].data['offered'])}"
            return holds(False, expected, offered + aside, own[0], clause=clause)
    elif doubtful := callers.unclear(without):
        seen_of_it = f"somebody offered only {', '.join(doubtful[-1].data['offered'])}; {callers.doubt(doubtful)}"
        return found(Verdict.INCONCLUSIVE, expected, seen_of_it + aside, doubtful[-1], acted="caller", clause=clause)
    if not opened:
        doubtful = callers.unclear(e for e in seen if e.data.get("state") != "closed")
        why = callers.doubt(doubtful) if doubtful else "it never connected"
        return unseen(expected, why + aside, acted="dut", clause=clause)
    newest = opened[-1].data
    agreed = f"agreed on {newest.get('subprotocol')}, offered {', '.join(newest.get('offered') or [])}"
    if newest.get("subprotocol") != version and version in (newest.get("offered") or []):
        agreed += ": the bench's backend chose, and must be set to speak only this version to see more"
        return found(Verdict.INCONCLUSIVE, expected, agreed + aside, opened[-1], acted="harness", clause=clause)
    return holds(newest.get("subprotocol") == version, expected, agreed + aside, opened[-1], clause=clause)
