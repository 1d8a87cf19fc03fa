"""OCPP F05: unlocking a connector from afar."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


@rule("OCPP-F05.R002", "result:UnlockConnector")
def does_not_unlock_a_running_transaction(s: Station, m: Message) -> bool | str | None:
    """F05.FR.02: while an authorized transaction runs on it, a connector is not unlocked."""
    running = [t for t in s.ongoing(m.asked.get("evseId", -1)) if t.connector == m.asked.get("connectorId")]
    if not any(t.authorized for t in running):
        return None
    fits = m.status == "OngoingAuthorizedTransaction"
    return True if fits else f"an authorized transaction ran, and it answered an unlock with {m.status}"
