"""OCPP B03: a station that is rejected."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


@rule("OCPP-B03.R002", "call:*")
def sends_nothing_while_rejected(s: Station, m: Message) -> bool | str | None:
    """B03.FR.02: once rejected, it sends nothing until the interval is over."""
    if s.registration != "Rejected" or s.boot_answered_ns is None or s.boot_answered_on != m.connection:
        return None
    if m.action == "BootNotification":
        return True
    return f"it sent {m.action} although the backend had rejected it"


@rule("OCPP-B03.R008", "answer:*")
def answers_nothing_while_rejected(s: Station, m: Message) -> bool | str | None:
    """B03.FR.08: once rejected, it answers what the backend asks with the error SecurityError."""
    if s.registration != "Rejected" or m.call is None or s.boot_answered_ns is None:
        return None
    if m.call.t_ns < s.boot_answered_ns or m.call.faults:
        return None
    return True if m.error_code == "SecurityError" else f"rejected, it answered {m.action} all the same"
