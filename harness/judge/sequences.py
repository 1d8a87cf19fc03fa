"""Small facts of the connection: which version of OCPP was agreed."""

from __future__ import annotations

from harness.judge._attribution import Callers
from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.trace import Trace


@judge("sequences.connected_by")
def connected_by(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The newest connection agreed on the subprotocol `version`; one that came without offering it settles it too."""
    version = str(claim.params["version"])
    expected = f"it connects by {version}"
    clause = "OCPP 2.1 Part 4"
    callers = Callers(trace)
    seen = [e for e in trace if e.kind == "ocpp.connection" and e.seq <= claim.seq]
    opened = callers.charger(e for e in seen if e.data.get("state") == "open")
    since = opened[-1].seq if opened else -1
    turned_away = [e for e in seen if e.data.get("state") == "refused" and e.data.get("offered") and since < e.seq]
    aside = callers.aside(turned_away)
    own = callers.charger(turned_away)
    if own and version not in own[-1].data["offered"]:
        offered = f"it offered only {', '.join(own[-1].data['offered'])}"
        return holds(False, expected, offered + aside, own[-1], clause=clause)
    if not opened:
        doubtful = callers.unclear(e for e in seen if e.data.get("state") != "closed")
        why = callers.doubt(doubtful) if doubtful else "it never connected"
        return unseen(expected, why + aside, acted="dut", clause=clause)
    agreed = (
        f"agreed on {opened[-1].data.get('subprotocol')}, offered {', '.join(opened[-1].data.get('offered') or [])}"
    )
    return holds(opened[-1].data.get("subprotocol") == version, expected, agreed + aside, opened[-1], clause=clause)
