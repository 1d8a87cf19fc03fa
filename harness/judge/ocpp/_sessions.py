"""Transactions of a whole trace as a table, so that what ran at a moment is looked up instead of replayed."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge.ocpp._transactions import transaction_of
from harness.trace import Trace, messages


def transactions_at(trace: Trace, until_seq: int) -> tuple[set[str], set[str], dict[int, str]]:
    """Transactions begun, those ended, and which remote start led to which."""
    told, starts = trace.once("transactions", lambda: _told(trace.whole))
    started = {number for number, each in told.items() if each.began <= until_seq}
    ended = {number for number in started if told[number].ended <= until_seq}
    return started, ended, {start: number for seq, start, number in starts if seq <= until_seq}


@dataclass
class _Told:
    """A transaction: the numbers of the events that first told of it, and of its end."""

    began: float
    ended: float = float("inf")


def _told(trace: Trace) -> tuple[dict[str, _Told], list[tuple[int, int, str]]]:
    """Each transaction, and from which event on a remote start is known to have led to which."""
    told: dict[str, _Told] = {}
    starts: list[tuple[int, int, str]] = []
    newest: dict[int, str] = {}
    for message in messages(trace, action="TransactionEvent", direction="in"):
        if message.type != 2:
            continue
        number = transaction_of(message)
        each = told.setdefault(number, _Told(message.seq))
        if message.payload.get("eventType") == "Ended":
            each.ended = min(each.ended, message.seq)
        about = message.payload.get("transactionInfo")
        start = about.get("remoteStartId") if isinstance(about, dict) else None
        if isinstance(start, int) and newest.get(start) != number:
            newest[start] = number
            starts.append((message.seq, start, number))
    return told, starts
