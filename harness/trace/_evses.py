"""Which EVSE an event is about: it says so, or the charger's message that it holds does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harness.trace._conversations import conversations
from harness.trace._message import octets_of
from harness.trace._store import Store

_CALL = 2
_BY_EVSE = ("StatusNotification", "MeterValues", "NotifyEVChargingNeeds", "NotifyEVChargingSchedule")
_TELLING = (*_BY_EVSE, "TransactionEvent", "NotifyEvent", "ReportChargingProfiles", "NotifyChargingLimit")


class _Told(msgspec.Struct):
    """What of a message's content names an EVSE."""

    evseId: Any = None
    evse: Any = None
    eventData: Any = None
    transactionInfo: Any = None


_frame: msgspec.json.Decoder[tuple[Any, Any, Any, _Told]] = msgspec.json.Decoder(tuple[Any, Any, Any, _Told])


def evses_of(store: Store, stations: Mapping[int, str]) -> dict[int, int]:
    """By position the EVSE that an event is about; what is about several, or about none, is left out.

    A transaction is about the EVSE that any of its events names: a charger may name it once. What we sent is left in
    every view: judges look for the call that they were told of, and read of it whom it is about.
    """
    found = {n: evse for n in range(len(store)) if isinstance(evse := store.about(n)[1], int)}
    transactions: dict[tuple[str | None, str], int] = {}
    unplaced: list[tuple[int, tuple[str | None, str]]] = []
    listed = conversations(store).listed(_TELLING, "in")
    for message, at in zip(listed.messages, listed.at, strict=True):
        if message.type != _CALL or at in found or (told := _read(store, at)) is None:
            continue
        evse = _named(message.action, told)
        if evse is not None:
            found[at] = evse
        if message.action == "TransactionEvent" and (number := _transaction(told)):
            whose = (stations.get(at), number)
            if evse is not None:
                transactions.setdefault(whose, evse)
            else:
                unplaced.append((at, whose))
    return found | {at: transactions[number] for at, number in unplaced if number in transactions}


def _read(store: Store, at: int) -> _Told | None:
    try:
        return _frame.decode(octets_of(store.data(at)))[3]
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None


def _named(action: str | None, told: _Told) -> int | None:
    """The one EVSE that a message names; 0 is the whole station."""
    if action == "TransactionEvent":
        return _number(_of(told.evse, "id"))
    if action == "NotifyEvent":
        every = told.eventData if isinstance(told.eventData, list) else []
        named = {_number(_of(_of(_of(each, "component"), "evse"), "id")) for each in every}
        return named.pop() if len(named) == 1 else None
    return _number(told.evseId)


def _transaction(told: _Told) -> str:
    number = _of(told.transactionInfo, "transactionId")
    return number if isinstance(number, str) else ""


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
