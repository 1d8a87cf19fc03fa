"""What a TransactionEvent tells of its transaction, taken in after the rules have seen it."""

from __future__ import annotations

from typing import Any

from harness.judge.rules._message import Message
from harness.judge.rules._read import part, power_and_energy, registers, told_at_s
from harness.judge.rules._station import MOST_MISSING, MOST_TRANSACTIONS, STOPS, Station, Transaction
from requirement_catalog import own_number

SPAN_S = own_number("rules.power_span")


def transaction_told(s: Station, m: Message) -> None:
    """Take in one TransactionEvent."""
    info, kind = m.payload.get("transactionInfo"), m.payload.get("eventType")
    identity = info.get("transactionId") if isinstance(info, dict) else None
    if not isinstance(identity, str) or not isinstance(info, dict):
        return
    tx = s.transactions.get(identity)
    if tx is None:
        tx = s.transactions[identity] = Transaction(identity, whole=kind == "Started")
        tx.began_s = told_at_s(m) if tx.whole and not m.payload.get("offline") else None
        if len(s.transactions) > MOST_TRANSACTIONS:
            s.transactions.popitem(last=False)
    number, before = number_of(m), tx.seq_no
    _number(tx, number)
    m.memo.pop("tx", None)
    tx.heard_ns = m.t_ns
    if number is None or before is None or number >= before:  # what was queued may come in another order
        tx.last, tx.state = m, info.get("chargingState", tx.state)
    evse, connector = part(m.payload, "evse", "id"), part(m.payload, "evse", "connectorId")
    tx.evse = evse if isinstance(evse, int) else tx.evse
    tx.connector = connector if isinstance(connector, int) else tx.connector
    tx.remote_start = info.get("remoteStartId", tx.remote_start)
    tx.went_on |= tx.state not in (None, "Idle", "EVConnected")
    _authorized(tx, m)
    _metered(tx, m, kind)
    if kind == "Ended":
        tx.ended_ns = m.t_ns
        tx.registers, tx.began, tx.power = {}, {}, None
        m.memo = {"told": m.memo.get("told")}
        m.payload, m.text = {k: v for k, v in m.payload.items() if k != "meterValue"}, ""


def _number(tx: Transaction, number: int | None) -> None:
    if number is None:
        return
    if tx.seq_no is not None and number > tx.seq_no + 1 and number - tx.seq_no <= MOST_MISSING:
        tx.missing.update(range(tx.seq_no + 1, number))
        while len(tx.missing) > MOST_MISSING:
            tx.missing.pop()
    tx.missing.discard(number)
    tx.seq_no = number if tx.seq_no is None else max(tx.seq_no, number)


def _authorized(tx: Transaction, m: Message) -> None:
    if isinstance(m.payload.get("idToken"), dict):
        tx.token_told = True
        tx.authorized = tx.authorized or m.payload.get("triggerReason") not in STOPS
    if m.payload.get("triggerReason") in STOPS:
        tx.authorized = False


def _metered(tx: Transaction, m: Message, kind: Any) -> None:
    for at, what, value, context in registers(m):
        if len(tx.registers) < MOST_MISSING or what in tx.registers:
            tx.registers[what] = max(tx.registers.get(what, (at, value)), (at, value))
        if kind == "Started" and context == "Transaction.Begin" and len(tx.began) < MOST_MISSING:
            tx.began[what] = at, value
    if (now := power_and_energy(m)) is not None:
        taken, watts, energy = now
        if tx.power is None or taken - tx.power[0] >= SPAN_S:
            tx.power = taken, energy, watts, watts
        else:  # kept for so long, for its register to grow by something
            tx.power = *tx.power[:2], min(tx.power[2], watts), max(tx.power[3], watts)


def number_of(m: Message) -> int | None:
    """The sequence number of a TransactionEvent."""
    number = m.payload.get("seqNo")
    return number if type(number) is int else None  # and no boolean


def state_of(m: Message) -> Any:
    """The charging state that a TransactionEvent tells."""
    info = m.payload.get("transactionInfo")
    return info.get("chargingState") if type(info) is dict else None
