"""OCPP E14: asking for a transaction's state."""

from __future__ import annotations

from collections.abc import Callable

from harness.judge.rules import STATION, Debt, Message, Station, rule
from harness.judge.rules._read import part


@rule("OCPP-E14.R002", "result:GetTransactionStatus")
def knows_which_transaction_runs(s: Station, m: Message) -> bool | str | None:
    """E14.FR.02, .03: it says of a transaction whether it runs."""
    tx = s.transactions.get(m.asked.get("transactionId", ""))
    if m.call is None or tx is None or not tx.whole or (tx.ended_ns or 0) > m.call.t_ns:
        return None
    told, runs = m.payload.get("ongoingIndicator"), tx.ended_ns is None
    if runs and (not s.runs(tx) or (not told and m.payload.get("messagesInQueue") is not False)):
        return None  # its end may be among what it has still to tell
    return True if told is runs else f"of a transaction that {'runs' if runs else 'has ended'} it says ongoing: {told}"


@rule("OCPP-E14.R006", "result:GetTransactionStatus")
def says_nothing_of_no_transaction(s: Station, m: Message) -> bool | str | None:
    """E14.FR.06: asked about no transaction, it says of none whether it runs."""
    if m.call is None or "transactionId" in m.asked:
        return None
    return "asked about no transaction, it says whether one runs" if "ongoingIndicator" in m.payload else True


@rule("OCPP-E14.R005", "result:GetTransactionStatus", "denied:TransactionEvent", "told:TransactionEvent")
def nothing_waits_that_never_comes(s: Station, m: Message) -> bool | Debt | None:
    """E14.FR.05: it does not say that messages wait where none do, which then never come."""
    waits, identity = m.payload.get("messagesInQueue"), m.asked.get("transactionId")
    kept = s.note("E14.R005")
    if m.action == "TransactionEvent":  # one that is denied may be tried again, or given up
        kept["told" if m.is_result else "denied"] = m.t_ns
    on_its_way = any(call.action == "TransactionEvent" for call in s.open_calls[STATION].values())
    if not isinstance(waits, bool) or m.call is None or on_its_way or "denied" in kept:
        return None
    if waits and kept.get("told", -1) >= m.call.t_ns:
        return None  # the last one waited when it was asked, and was delivered before it answered
    seen = f"it said that messages wait, and none came within {s.limits['told']:g} s"
    ends = ("BootNotification",)
    return Debt(seen, s.limits["told"], _is_about(identity), ends_by=lambda x: x.action in ends) if waits else True


def _is_about(identity: object) -> Callable[[Message], bool]:
    def told(x: Message) -> bool:
        named = part(x.payload, "transactionInfo", "transactionId") or x.payload.get("transactionId")
        return x.is_call and named is not None and identity in (None, named)

    return told
