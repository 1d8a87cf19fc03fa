"""OCPP E04 and E12: what happened while the station was offline."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import told_at_s


@rule("OCPP-E04.R003", "call:TransactionEvent")
def offline_events_say_so(s: Station, m: Message) -> bool | str | None:
    """E04.FR.03, E12.FR.02: an event that happened while there was no connection is marked offline."""
    at = told_at_s(m) if s.outages else None
    if at is None or s.ahead_s is None:
        return None
    for lost_ns, opened_ns in s.outages:
        if lost_ns / 1e9 + s.limits["lost"] < at - s.ahead_s < opened_ns / 1e9 - s.limits["opened"]:
            return True if m.payload.get("offline") is True else "an event from while it was offline is not marked so"
    return None


@rule("OCPP-E04.R004", "call:TransactionEvent")
def online_events_do_not_say_so(s: Station, m: Message) -> bool | str | None:
    """E04.FR.03, TransactionEventRequest.offline: what happened while connected, and came at once, is not marked."""
    at, since_ns = told_at_s(m), max(s.opened_ns or 0, s.boot_answered_ns or 0)
    if at is None or s.ahead_s is None or m.utc_ns is None or s.opened_ns is None or s.registration == "Pending":
        return None
    waited_s = m.utc_ns / 1e9 - (at - s.ahead_s)
    stood_s = (m.t_ns - since_ns) / 1e9 - waited_s
    if not -s.limits["early"] <= waited_s <= s.limits["at_once"] or stood_s < s.limits["stood"]:
        return None
    return f"connected for {stood_s:.0f} s, it told an event as offline" if m.payload.get("offline") is True else True
