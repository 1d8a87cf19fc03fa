"""How connections and TLS handshakes stand in the trace: what was seen and proven on them, not who it was.

Anybody may connect, so that `who` is "caller" until a login; "dut" in `ended_by` and `closed_by` is the caller's side.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.csms.line._seen import Opened, Shaken
from harness.csms.tls._old_tls import OldTlsPipe
from harness.trace import Event, Recorder


def tell_handshake(recorder: Recorder, conn: Shaken, *, went_on: bool) -> Event:
    """Record how the TLS handshake ended.

    A handshake that completed, after which the station sent an alert or closed without a word, counts as refused:
    some TLS stacks check the host name only after their Finished message.
    """
    pipe = conn.tls
    assert pipe is not None and pipe.end is not None
    end = pipe.end
    outcome, ended_by, alert, seen, detail, cause = (
        end.outcome,
        end.ended_by,
        end.alert,
        end.alert_seen,
        end.detail,
        end.cause,
    )
    at_ns = conn.shaken_ns
    if outcome == "completed" and not went_on and not conn.control and conn.ended is None:
        at_ns = None
        if pipe.late_alert is not None:
            ended_by, alert, seen = pipe.late_alert
            outcome = "refused" if ended_by == "dut" else "aborted"
            detail = "after the handshake had completed"
        else:
            outcome, ended_by = "refused", "dut"
            detail = "completed the TLS handshake, then closed before it asked for a WebSocket"
    hello = pipe.inbound.client_hello
    return recorder.record(
        "tls.handshake",
        "harness" if ended_by == "harness" or conn.control else "caller",
        {
            "conn": conn.number,
            "scenario": conn.scenario,
            "peer": "control_client" if conn.control else "caller",
            "outcome": outcome,
            "ended_by": ended_by,
            "alert": alert.as_data() if alert is not None else None,
            "alert_seen": seen,
            "shown": pipe.shows,
            "client_hello": hello.as_data() if hello is not None else None,
            "version": pipe.version if outcome == "completed" else None,
            "cipher": pipe.cipher if outcome == "completed" else None,
            "remote": conn.remote,
            "began_ns": conn.began_ns,
            "process": conn.process,
            "started": conn.started,
            "peer_key": _certificate(conn)[1],
            "asked_for_certificate": conn.asks_for_certificate,
            "cause": cause,
            "detail": detail,
            "forged_server_hello": isinstance(pipe, OldTlsPipe) and pipe.forged,
        },
        t_ns=at_ns,
        connection=conn.number,
    )


def tell_open(recorder: Recorder, conn: Opened) -> Event:
    """Record a WebSocket that opened."""
    return recorder.record("ocpp.connection", "dut", _data(conn, "open"), station=conn.identity, connection=conn.number)


def tell_refused(
    recorder: Recorder, conn: Opened, reason: str, status: int | None = None, cause: str | None = None
) -> Event:
    """Record a connection that was turned away; `status` is the HTTP status (101: closed after the handshake).

    `cause` is "full" where too many were open; `reason` is for people alone. Whom it was about is left open: anybody
    may give a station's name.
    """
    data = _data(conn, "refused", code=status, reason=reason, cause=cause)
    return recorder.record("ocpp.connection", "harness", data, connection=conn.number)


def tell_closed(recorder: Recorder, conn: Opened, exc: Exception | None, *, before_open: bool = False) -> Event:
    """Record the end of a connection. `code` is the WebSocket close code, 1006 when there was no closing handshake."""
    code, reason, who = conn.ws.ended()
    if before_open:
        code, who = 1006, "dut"
        reason = "closed before it asked for a WebSocket"
    elif code == 1006 and isinstance(exc, ConnectionError):
        reason = "the TCP connection was reset"
        who = "dut"
    elif code == 1006:
        who = "dut"
    if conn.ended is not None:
        who, reason = conn.ended
    return recorder.record(
        "ocpp.connection",
        ("caller" if before_open and who == "dut" else who) or "dut",
        _data(conn, "closed", code=code, reason=reason, closed_by=who, cause=conn.cause),
        station=None if before_open else conn.identity,
        connection=conn.number,
    )


def _data(conn: Opened, state: str, **more: Any) -> dict[str, Any]:
    return {
        "conn": conn.number,
        "state": state,
        "identity": conn.identity,
        "path": conn.path,
        "offered": conn.offered,
        "subprotocol": conn.version,
        "remote": conn.remote,
        "began_ns": conn.began_ns,
        "process": conn.process,
        "started": conn.started,
        "proof": conn.proof,
        "scenario": conn.scenario,
        "tls": tls_of(conn),
        "code": None,
        "reason": None,
        "closed_by": None,
        **more,
    }


def tls_of(conn: Opened) -> dict[str, Any] | None:
    """Version, cipher, the peer certificate's subject and key, and whether it was asked for; None without TLS."""
    pipe = conn.tls
    if pipe is None or pipe.end is None or pipe.end.outcome != "completed":
        return None
    subject, key = _certificate(conn)
    return {
        "version": pipe.version,
        "cipher": pipe.cipher,
        "peer_subject": subject,
        "peer_key": key,
        "asked_for_certificate": conn.asks_for_certificate,
    }


def _certificate(conn: Shaken) -> tuple[str | None, str | None]:
    """Subject of the caller's certificate and the SHA-256 of its public key; only of one whose possession it proved."""
    pipe = conn.tls
    done = pipe is not None and pipe.end is not None and pipe.end.outcome == "completed"
    der = pipe.peer_certificate() if pipe is not None and done else None
    if der is None:
        return None, None
    try:
        certificate = x509.load_der_x509_certificate(der)
    except (ValueError, x509.InvalidVersion):
        return None, None
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificate.subject.rfc4514_string(), hashlib.sha256(key).hexdigest()
