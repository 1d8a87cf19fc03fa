"""OCPP B11: reset without an ongoing transaction."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import passed_over


@rule("OCPP-B11.R003", "result:Reset", "call:*")
def accepted_resets_lead_to_a_boot(s: Station, m: Message) -> bool | Debt | None:
    """B11.FR.03, .04: an accepted reset of the whole station is followed by a boot."""
    if m.is_call:
        if s.reset is None or m.connection == s.reset_on:
            return None
        if m.action == "BootNotification":
            return True
    elif m.status != "Accepted" or m.call is None or "evseId" in m.asked:
        return None
    within_s = s.limits["connected" if m.is_call else "accepted"]
    again = " and connected again" if m.is_call else ""
    seen = f"it accepted a reset{again}, and did not boot within {within_s:g} s"
    reset = s.reset.asked if m.is_call and s.reset is not None else m.asked
    over = passed_over(s) if reset.get("type") == "Immediate" else None
    return Debt(seen, within_s, lambda later: later.action == "BootNotification", passed=over)
