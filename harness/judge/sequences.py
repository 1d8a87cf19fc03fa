"""Small facts of the connection: which version of OCPP was agreed."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.trace import Trace


@judge("sequences.connected_by")
def connected_by(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The newest connection agreed on the subprotocol `version`; one that came without offering it settles it too."""
    version = str(claim.params["version"])
    expected = f"it connects by {version}"
    lines = trace.of("ocpp.connection").up_to(claim.seq)
    opened = [e for e in lines if e.data.get("state") == "open"]
    turned_away = [
        e
        for e in lines.after(opened[-1].seq if opened else -1)
        if e.data.get("state") == "refused" and e.data.get("offered")
    ]
    if turned_away and version not in turned_away[-1].data["offered"]:
        seen = f"it offered only {', '.join(turned_away[-1].data['offered'])}"
        return holds(False, expected, seen, turned_away[-1], clause="OCPP 2.1 Part 4")
    if not opened:
        return unseen(expected, "it never connected", acted="dut")
    seen = f"agreed on {opened[-1].data.get('subprotocol')}, offered {', '.join(opened[-1].data.get('offered') or [])}"
    return holds(opened[-1].data.get("subprotocol") == version, expected, seen, opened[-1], clause="OCPP 2.1 Part 4")
