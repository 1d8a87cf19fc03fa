"""The charger's own certificate, renewed: with which one does it come from then on?"""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.line._attribution import callers_of
from harness.judge.power._asked import asked_by
from harness.trace import Event, OcppMessage, Trace, messages

_EXPECTED = "it took a new certificate, and comes with that one from then on"
_CLAUSE = "OCPP 2.0.1 A02.FR.08, A02.FR.09"
_CALL = 2


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


@judge("renewed.asks_for_a_new_key")
def asks_for_a_new_key(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each SignCertificate after event `since` is for another key than any that the charger came with before it."""
    expected, clause = "it asks for a certificate for a key pair that it has made for it", "OCPP 2.0.1 A02.FR.02"
    asked = messages(trace.after(int(claim.params["since"])).up_to(claim.seq), action="SignCertificate", direction="in")
    keys = [(m, key) for m in asked if m.type == _CALL and (key := _key_of(m)) is not None]
    came = callers_of(trace).charger([e for e in trace.of("tls.handshake").up_to(claim.seq) if _with_certificate(e)])
    if not keys or not any(e.seq < keys[0][0].event.seq for e in came):
        seen = f"it {'never came with a certificate' if keys else 'asked for none that can be read'}"
        return unseen(expected, seen, acted="dut", clause=clause)
    for message, key in keys:
        known = [e for e in came if e.seq < message.event.seq and e.data["peer_key"] == key]
        if known:
            seen = "it asked for one for the key that it came with already"
            return holds(False, expected, seen, known[-1], message.event, clause=clause)
    return holds(True, expected, f"{len(keys)} requests, each for another key", keys[-1][0].event, clause=clause)


def _key_of(request: OcppMessage) -> str | None:
    """The hash of a certificate request's public key, as connections are told by it; None where none can be read."""
    try:
        key = x509.load_pem_x509_csr(str(request.payload.get("csr", "")).encode()).public_key()
    except ValueError:
        return None
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _with_certificate(event: Event) -> bool:
    return event.data.get("outcome") == "completed" and bool(event.data.get("peer_key"))
