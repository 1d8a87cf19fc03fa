"""How an ISO 15118-20 session ended, or why it came to nothing: whose doing it was."""

from __future__ import annotations

from harness.judge._core import ResolvedLimit
from harness.judge.v2g._v2g_messages import body, number
from harness.trace import Event, Trace, alert_sent

# TLS alerts that speak of the car's identity (RFC 8446, 6.2)
_DISTRUST = {
    "access_denied",
    "bad_certificate",
    "certificate_expired",
    "certificate_required",
    "certificate_revoked",
    "certificate_unknown",
    "decrypt_error",
    "unknown_ca",
    "unsupported_certificate",
}
_FOLLOWED = ("Terminate", "Pause")  # what our car does when the charger asks for it


def _closed(trace: Trace, events: list[Event]) -> Event | None:
    """The end of these messages' connection."""
    number_ = events[-1].data.get("session")
    lines = trace.of("v2g.connection")
    for event in lines.after(events[-1].seq):
        if event.data.get("session") == number_:
            return event if event.data.get("what") == "closed" else None
    return next(
        (e for e in lines if e.data.get("session") == number_ and e.data.get("what") == "closed"),
        None,
    )


def distrusts_the_car(trace: Trace, events: list[Event]) -> tuple[Event, str] | None:
    """Where the charger ended TLS over the car's certificate before it had answered: the bench's certificates.

    In TLS 1.3 that comes after the car's handshake is complete, so a first message may be on its way already.
    """
    closed = _closed(trace, events)
    if closed is None or any(e.data.get("dir") == "in" for e in events):
        return None
    alert = alert_sent(closed)
    if closed.data.get("closed_by") != "dut" or alert not in _DISTRUST:
        return None
    return closed, f"the charger does not trust our car's certificate (TLS alert {alert}): pco.ev.pki"


def lost_in_the_loop(trace: Trace, events: list[Event], until: int, timeout: ResolvedLimit) -> tuple[Event, str] | None:
    """Where a charge loop request got no answer, or one that could not be read, and the session ended by that.

    A car that closes sooner than the message `timeout` gave up by itself.
    """
    last = events[-1]
    asked = last if last.data.get("dir") == "out" else events[-2] if len(events) > 1 else last
    name = str(asked.data.get("name"))
    if asked.data.get("dir") != "out" or not name.endswith("ChargeLoopReq"):
        return None
    if last is not asked:
        said = last.data.get("error") if last.data.get("name") is None else None
        return (last, f"it answered {name} with what is no message: {said}") if said else None
    closed = _closed(trace, events)
    if closed is None or closed.seq > until:
        return None
    if closed.data.get("closed_by") == "dut":
        return closed, f"it closed the connection instead of answering {name}"
    if closed.t_ns - last.t_ns >= timeout.value * 1e9:
        return closed, f"it did not answer {name} within {(closed.t_ns - last.t_ns) / 1e9:.1f} s"
    return None


def unheard_notification(loops: list[Event]) -> str | None:
    """What the charger asked for in EVSEStatus that our car cannot do."""
    for loop in loops:
        wish = (body(loop).get("EVSEStatus") or {}).get("EVSENotification")
        if wish and wish not in _FOLLOWED:
            return str(wish)
    return None


def what_it_allowed(loops: list[Event]) -> str:
    """The least discharge power or the target of these answers, as a clause; empty when they held neither."""
    blocks = [v for loop in loops for k, v in body(loop).items() if "CLResControlMode" in k and isinstance(v, dict)]
    allowed = [w for b in blocks if (w := number(b.get("EVSEMaximumDischargePower"))) is not None]
    if allowed:
        return f"; it allowed {min(map(abs, allowed)):.0f} W"
    asked = [w for b in blocks if (w := number(b.get("EVSETargetActivePower"))) is not None]
    return f"; it asked for {min(asked):.0f} W at its lowest" if asked else ""
