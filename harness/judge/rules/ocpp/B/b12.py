"""OCPP B12: reset with an ongoing transaction."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import still_ran
from harness.judge.rules._read import part


@rule("OCPP-B12.R001", "result:Reset")
def reset_on_idle_waits(s: Station, m: Message) -> bool | Debt | None:
    """B12.FR.01: asked to reset when idle during a transaction, it schedules the reset."""
    running = s.ongoing(m.asked.get("evseId"))
    if m.asked.get("type") != "OnIdle" or not running:
        return None
    seen = "a transaction ran, and it accepted a reset for when it is idle at once"
    return still_ran(s, m, seen, *running) if m.status == "Accepted" else True


@rule("OCPP-B12.R004", "result:Reset")
def immediate_reset_ends_transactions(s: Station, m: Message) -> list[Debt]:
    """B12.FR.04, .08: before an immediate reset it ends the transactions that run, and tells so."""
    if m.asked.get("type") != "Immediate" or m.status != "Accepted":
        return []
    return [_end_of(tx.id, s.limits["told"]) for tx in s.ongoing(m.asked.get("evseId"))]


def _end_of(identity: str, within_s: float) -> Debt:
    def is_end(later: Message) -> bool:
        mine = part(later.payload, "transactionInfo", "transactionId") == identity
        return mine and later.payload.get("eventType") == "Ended"

    def goes_on(later: Message) -> bool:  # 2.1, E17: TxResumed tells that the reset did not end it
        mine = part(later.payload, "transactionInfo", "transactionId") == identity
        return mine and later.payload.get("triggerReason") == "TxResumed"

    seen = f"reset at once, it did not tell the end of transaction {identity}"
    return Debt(seen, within_s, is_end, ends_by=goes_on, survives=True)
