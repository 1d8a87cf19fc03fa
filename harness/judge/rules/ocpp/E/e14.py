"""OCPP E14: asking for a transaction's state."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


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
