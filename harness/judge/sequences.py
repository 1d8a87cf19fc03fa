"""Small facts of the connection: which version of OCPP was agreed."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.trace import Trace


@judge("sequences.connected_by")
def connected_by(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The newest accepted connection agreed on the subprotocol `version`, which both sides had offered."""
    version = str(claim.params["version"])
    expected = f"it connects by {version}"
    opened = [e for e in trace if e.kind == "ocpp.connection" and e.data.get("state") == "open" and e.seq <= claim.seq]
    if not opened:
        return unseen(expected, "it never connected", acted="dut")
    seen = f"agreed on {opened[-1].data.get('subprotocol')}, offered {', '.join(opened[-1].data.get('offered') or [])}"
    return holds(opened[-1].data.get("subprotocol") == version, expected, seen, opened[-1], clause="OCPP 2.1 Part 4")
