"""OCPP F05: unlocking a connector from afar."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import still_ran


@rule("OCPP-F05.R002", "result:UnlockConnector")
def does_not_unlock_a_running_transaction(s: Station, m: Message) -> bool | Debt | None:
    """F05.FR.02: while an authorized transaction runs on it, a connector is not unlocked."""
    running = [t for t in s.ongoing(m.asked.get("evseId", -1)) if t.connector == m.asked.get("connectorId")]
    if not any(t.authorized for t in running):
        return None
    if m.status == "OngoingAuthorizedTransaction":
        return True
    seen = f"an authorized transaction ran, and it answered an unlock with {m.status}"
    return still_ran(s, m, seen, *running)
