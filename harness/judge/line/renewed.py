"""The charger's own certificate, renewed: with which one does it come from then on?"""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.line._attribution import callers_of
from harness.judge.power._asked import asked_by
from harness.trace import Event, Trace

_EXPECTED = "it took a new certificate, and comes with that one from then on"
_CLAUSE = "OCPP 2.0.1 A02.FR.08, A02.FR.09"


@judge("renewed.shown")
def shown(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After CertificateSigned `call` was Accepted, the newest connection rests on another key than the one before it.

    Of a certificate only the hash of its public key is in the trace; that the new one has a key of its own (A02.FR.02)
    is for the case to see before it claims this.
    """
    pair = asked_by(trace, claim.params["call"])
    status = "not at all" if pair.answer is None else pair.answer.payload.get("status", pair.answer.error_code)
    if pair.answer is None or status != "Accepted":
        return unseen(_EXPECTED, f"CertificateSigned was answered {status}", acted="dut", clause=_CLAUSE)
    taken = pair.answer.event.seq
    came = callers_of(trace).charger([e for e in trace.of("tls.handshake").up_to(claim.seq) if _with_certificate(e)])
    before, after = [e for e in came if e.seq < taken], [e for e in came if e.seq > taken]
    if not before or not after:
        seen = f"it did not come {'again afterwards' if before else 'with a certificate before'}"
        return unseen(_EXPECTED, seen, acted="dut", clause=_CLAUSE)
    old, new = before[-1], after[-1]
    same = old.data["peer_key"] == new.data["peer_key"]
    seen = f"it came with {'the key of the certificate before' if same else 'another key than before'}"
    return holds(not same, _EXPECTED, seen, pair.answer.event, new, clause=_CLAUSE)


def _with_certificate(event: Event) -> bool:
    return event.data.get("outcome") == "completed" and bool(event.data.get("peer_key"))
