"""Transactions as a station tells them in its TransactionEvents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_SEQ_NOS = 10_000


@dataclass
class Transaction:
    """One transaction: `state` is the last chargingState, `seq_nos` as they arrived, `offline` how many were late."""

    id: str
    evse_id: int | None = None
    state: str | None = None
    ended: bool = False
    seq_nos: list[int] = field(default_factory=list)
    offline: int = 0
    triggers: list[str] = field(default_factory=list)


class Transactions:
    """All transactions of a station, by id, bounded to the last 100."""

    def __init__(self) -> None:
        self.by_id: dict[str, Transaction] = {}

    def take(self, payload: dict[str, Any]) -> None:
        """Read one TransactionEvent; a malformed one is left to the schema check."""
        info = payload.get("transactionInfo")
        if not isinstance(info, dict) or not isinstance(info.get("transactionId"), str):
            return
        identifier: str = info["transactionId"]
        found = self.by_id.setdefault(identifier, Transaction(identifier))
        evse = payload.get("evse")
        if isinstance(evse, dict) and isinstance(evse.get("id"), int):
            found.evse_id = evse["id"]
        if isinstance(info.get("chargingState"), str):
            found.state = info["chargingState"]
        number = payload.get("seqNo")
        if isinstance(number, int | float) and len(found.seq_nos) < _SEQ_NOS:
            found.seq_nos.append(int(number))
            found.triggers.append(str(payload.get("triggerReason")))
        found.offline += payload.get("offline") is True
        if payload.get("eventType") == "Ended":
            found.ended = True
        if len(self.by_id) > 100:
            self.by_id.pop(next(iter(self.by_id)))

    def current(self, evse_id: int | None = None) -> Transaction | None:
        """The newest transaction that has not ended, on `evse_id` if given."""
        for found in reversed(self.by_id.values()):
            if not found.ended and (evse_id is None or found.evse_id in (None, evse_id)):
                return found
        return None
