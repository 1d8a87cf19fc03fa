"""OCPP A04: security events."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import passed_over

# what BootNotification gives as its reason where nothing started: asked for, or nobody knows
_NO_START = ("Triggered", "Unknown")
_STARTED = ("StartupOfTheDevice", "ResetOrReboot")


@rule("OCPP-A04.R001", "told:BootNotification")
def a_boot_is_a_security_event(s: Station, m: Message) -> Debt | None:
    """A04.FR.01, appendix 1: that the station started is a critical security event, and told."""
    if m.status != "Accepted" or m.call is None or m.asked.get("reason") in _NO_START:
        return None
    seen = "it started, and told no security event of it"
    told, over = s.limits["told"], passed_over(s)
    return Debt(seen, told, lambda x: x.payload.get("type") in _STARTED, ends_by=_boots_or_catches_up, passed=over)


def _boots_or_catches_up(m: Message) -> bool:
    return m.action == "BootNotification" or m.payload.get("offline") is True
