"""OCPP A02: a new certificate for the station."""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509

from harness.judge.rules import Debt, Message, Passed, Station, rule
from harness.judge.rules._read import told_at_s

_EVENT = "InvalidChargingStationCertificate"


@rule("OCPP-A02.R006", "result:CertificateSigned")
def what_has_expired_is_refused(s: Station, m: Message) -> bool | str | None:
    """A02.FR.06, .07: a signed certificate whose time is over is refused."""
    over = _is_over(s, m)
    if not over:
        return None
    return True if m.status == "Rejected" else f"the certificate's time was over, and it answered {m.status}"


@rule("OCPP-A02.R007", "result:CertificateSigned", "call:SecurityEventNotification")
def a_refused_certificate_is_a_security_event(s: Station, m: Message) -> bool | Debt | None:
    """A02.FR.07: a signed certificate whose time is over is told as a security event."""
    kept = s.note("A02.R007")
    if m.is_call:
        if m.payload.get("type") == _EVENT:
            kept["told"] = m.t_ns
        return None
    if m.status != "Rejected" or not _is_over(s, m):
        return None
    if m.call is not None and kept.get("told", -1) >= m.call.t_ns:
        return True  # before its answer
    over = Passed(int(s.limits["others"]), 0, _is_of_later(s, m))
    seen, told = f"it refused an expired certificate, and told no {_EVENT}", lambda x: x.payload.get("type") == _EVENT
    return Debt(seen, s.limits["told"], told, survives=True, passed=over)


def _is_of_later(s: Station, m: Message) -> Callable[[Message], bool]:
    """Whether a security event is of after this message: what waited to be sent (A04.FR.02) goes first."""

    def later(x: Message) -> bool:
        at, since_ns = told_at_s(x), m.utc_ns
        after = at is not None and since_ns is not None and at - (s.ahead_s or 0.0) >= since_ns / 1e9
        return x.action == "SecurityEventNotification" and after

    return later


def _is_over(s: Station, m: Message) -> bool:
    """Whether the station's own certificate, the first of the chain, ended so long ago that no clock is in doubt."""
    chain = m.asked.get("certificateChain")
    if m.utc_ns is None or s.ahead_s is None or not isinstance(chain, str):
        return False
    try:
        ends_s = x509.load_pem_x509_certificates(chain.encode())[0].not_valid_after_utc.timestamp()
    except ValueError:
        return False
    return ends_s + s.limits["doubt"] < m.utc_ns / 1e9 + min(0.0, s.ahead_s)
