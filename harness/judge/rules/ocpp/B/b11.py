"""OCPP B11: reset without an ongoing transaction."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule


@rule("OCPP-B11.R003", "result:Reset")
def accepted_resets_lead_to_a_boot(s: Station, m: Message) -> Debt | None:
    """B11.FR.03, .04: an accepted reset of the whole station is followed by a boot."""
    if m.status != "Accepted" or m.call is None or "evseId" in m.asked:
        return None
    seen = "it accepted a reset and did not boot within 600 s"
    return Debt(seen, 600.0, lambda later: later.action == "BootNotification", survives=True)
