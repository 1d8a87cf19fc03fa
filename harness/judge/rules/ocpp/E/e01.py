"""OCPP E01: transactions, their numbers, their EVSE, their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from harness.judge.rules import Debt, Message, Station, Transaction, rule
from harness.judge.rules._owed import passed_over, wants_register
from harness.judge.rules._read import part, registers, told_at_s
from harness.judge.rules._transactions import number_of, state_of
from harness.ocppj import Remark

_CONNECTED = ("EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE")
_AGAIN = (Remark.RETRY, Remark.REUSED)
_PERIODIC = "MeterValuePeriodic"
_IMPORT = "Energy.Active.Import.Register"
_TO_THE_CAR = ("Outlet", "Cable", "EV")  # where what is measured is not also the station's own


@rule("OCPP-E01.R001", "call:TransactionEvent")
def numbers_have_no_gap(s: Station, m: Message) -> bool | Debt | None:
    """E01.FR.07, 1.3.2.1: each event of a transaction is numbered one higher than the one before."""
    tx, number = s.transaction(m), number_of(m)
    if tx is None or tx.seq_no is None or number is None or number <= tx.seq_no:
        return None
    lost = number - 1
    if lost == tx.seq_no:
        return True
    if m.payload.get("offline") or tx.last is None or tx.last.connection != m.connection:
        return None  # offline, and low on memory, it may drop some (E04.FR.07, E12.FR.04)
    seen = f"event {lost} of a transaction never came (after {tx.seq_no} came {number})"
    return Debt(seen, s.limits["late"], _is_event(tx.id, lost), survives=True, passed=passed_over(s))


@rule("OCPP-E01.R002", "call:TransactionEvent")
def no_number_comes_twice(s: Station, m: Message) -> bool | str | None:
    """E01.FR.07: a number stands for one event; only a retry has it again."""
    tx, number, kept, event = s.transaction(m), number_of(m), s.note("E01.R002"), _event(m)
    which = _of(m), number
    before = kept.get(which)
    kept[which] = event
    if tx is None or tx.seq_no is None or number is None or m.remark in _AGAIN:
        return None
    if number > tx.seq_no or number in tx.missing:
        return True
    if before is None or before == event:
        return None
    return f"event number {number} of a transaction came a second time, as another event"


@rule("OCPP-E01.R003", "call:TransactionEvent:Started")
def transaction_ids_are_new(s: Station, m: Message) -> bool | str | None:
    """E01.FR.08: an id is given to one transaction only."""
    if m.payload.get("eventType") != "Started" or m.remark in _AGAIN:
        return None
    kept, identity = s.note("E01.R003"), _of(m)
    before = kept.get(identity)
    kept[identity] = before or _event(m)
    if before is None:
        return True
    return None if before == _event(m) else "a transaction begins with the id of another one"


@rule("OCPP-E01.R004", "call:TransactionEvent")
def nothing_comes_after_the_end(s: Station, m: Message) -> bool | str | None:
    """TransactionEventRequest, eventType: Ended is a transaction's last event."""
    tx, number = s.transaction(m), number_of(m)
    if tx is None or tx.ended_ns is None or m.remark in _AGAIN or _is_sent_again(tx.last, m):
        return True if m.payload.get("eventType") == "Ended" else None
    late = number is not None and tx.seq_no is not None and number < tx.seq_no
    return None if late else f"{m.payload.get('eventType')} came after the transaction had ended"


@rule("OCPP-E01.R005", "call:TransactionEvent")
def begins_with_started(s: Station, m: Message) -> bool | str | None:
    """E01.FR.01 to .06: a transaction's first event is Started."""
    kind = m.payload.get("eventType")
    if s.transaction(m) is not None or (number_of(m) != 0 and kind != "Started"):
        return None
    return True if kind == "Started" else f"the first event of a transaction is {kind}"


@rule("OCPP-E01.R006", "call:TransactionEvent")
def names_evse_and_connector(s: Station, m: Message) -> bool | str | None:
    """E01.FR.16: once a car is connected, EVSE and connector are told."""
    tx, evse = s.transaction(m), m.payload.get("evse")
    if state_of(m) not in _CONNECTED or _is_incomplete(tx, m):
        return None
    before = (tx.evse, tx.connector) if tx is not None else (None, None)
    told = part(evse, "id"), part(evse, "connectorId")
    untold = [now is None and then is None for now, then in zip(told, before, strict=True)]
    return f"{state_of(m)}, and EVSE or connector was never told" if any(untold) else True


@rule("OCPP-E01.R007", "call:TransactionEvent:Started")
def one_transaction_on_an_evse(s: Station, m: Message) -> bool | str | None:
    """E01.FR.14: no other transaction begins on an EVSE before the one that runs there has ended."""
    evse = part(m.payload, "evse", "id")
    if m.payload.get("eventType") != "Started" or m.payload.get("offline") or evse is None or m.remark in _AGAIN:
        return None
    running = [t for t in s.ongoing(evse) if t.last is not None and not t.last.payload.get("offline")]
    other = [t for t in running if t.id != _of(m)]
    return f"a second transaction began on EVSE {evse}" if other else True


@rule("OCPP-E01.R008", "call:TransactionEvent:Caused")
def tells_the_new_charging_state(s: Station, m: Message) -> bool | str | None:
    """E01.FR.18: an event about a change of the charging state tells the new one."""
    if m.payload.get("triggerReason") != "ChargingStateChanged":
        return None
    return True if state_of(m) else "ChargingStateChanged without a charging state"


@rule("OCPP-E01.R009", "call:TransactionEvent")
def periodic_times_go_on(s: Station, m: Message) -> bool | str | None:
    """TransactionEventRequest.timestamp: of two periodic events in a row, the later one has the later time."""
    tx = s.transaction(m)
    last = tx.last if tx is not None and m.payload.get("triggerReason") == _PERIODIC else None
    if last is None or last.payload.get("triggerReason") != _PERIODIC or last.connection != m.connection:
        return None
    number, before, at, at_before = number_of(m), number_of(last), told_at_s(m), told_at_s(last)
    if at is None or at_before is None or number is None or before is None or number != before + 1:
        return None
    if m.payload.get("offline") or _may_have_been_set(s, last.t_ns, at_before):
        return None
    back_s = at_before - at
    return f"event {number} is {back_s:.0f} s earlier than event {before}" if back_s > s.limits["back"] else True


@rule("OCPP-E01.R010", "call:TransactionEvent")
def evse_stays_the_same(s: Station, m: Message) -> bool | str | None:
    """E01.FR.14, .16: a transaction stays on the EVSE and connector on which it began."""
    tx, evse = s.transaction(m), m.payload.get("evse")
    if tx is None or tx.evse is None or part(evse, "id") is None or _is_incomplete(tx, m):
        return None
    if tx.state not in _CONNECTED or state_of(m) == "Idle":
        return None  # unplugged, a car may be plugged in elsewhere
    told = (part(evse, "id"), part(evse, "connectorId") or tx.connector)
    same = told == (tx.evse, tx.connector or told[1])
    return (
        True if same else f"a transaction on EVSE {tx.evse}, connector {tx.connector}, goes on at {told[0]}, {told[1]}"
    )


@rule("OCPP-E01.R011", "call:TransactionEvent:Caused")
def cable_and_state_agree(s: Station, m: Message) -> bool | str | None:
    """ChargingStateEnumType: with a cable just plugged in the state is not Idle."""
    if m.payload.get("triggerReason") != "CablePluggedIn" or state_of(m) is None:
        return None
    return "CablePluggedIn, and the charging state is Idle" if state_of(m) == "Idle" else True


@rule("OCPP-E01.R012", "call:TransactionEvent")
def ids_start_at_one(s: Station, m: Message) -> bool | str | None:
    """Part 1, 7.1 and 7.2: EVSEs and connectors are numbered from 1."""
    evse = m.payload.get("evse")
    if not isinstance(evse, dict):
        return None
    wrong = [k for k in ("id", "connectorId") if isinstance(evse.get(k), int) and evse[k] < 1]
    return f"a transaction on an EVSE whose {wrong[0]} is {evse[wrong[0]]}" if wrong else True


@rule("OCPP-E01.R014", "call:TransactionEvent:Started")
def starts_with_its_meter_values(s: Station, m: Message) -> bool | str | None:
    """E01.FR.09: with its EVSE known, Started has the values that TxStartedMeasurands asks for."""
    if m.payload.get("eventType") != "Started" or part(m.payload, "evse", "id") is None or m.payload.get("offline"):
        return None
    if not wants_register(s, "txstartedmeasurands"):
        return None
    return True if m.payload.get("meterValue") else "Started has no meter values, and TxStartedMeasurands asks for them"


@rule("OCPP-E01.R013", "call:TransactionEvent")
def charging_is_told(s: Station, m: Message) -> bool | str | None:
    """E01.FR.18: while energy flows, the state that was told last is not EVConnected."""
    tx, state = s.transaction(m), state_of(m)
    unknown = tx is None or tx.went_on or state not in (None, "EVConnected") or tx.state != "EVConnected"
    if tx is None or unknown or _is_incomplete(tx, m) or m.payload.get("offline"):
        return True if tx is not None and state == "Charging" else None
    kept = s.note("E01.R013")  # (transaction, what) -> when its register was first seen to have grown, and how far
    for at, what, value, _ in registers(m):
        if what[0] != _IMPORT or what[2] not in _TO_THE_CAR or value <= tx.began.get(what, (at, value))[1]:
            continue
        since_s, before = kept.setdefault((tx.id, what), (at, value))
        grew, lasted_s = value - before, at - since_s
        if lasted_s > s.limits["lasts"] and grew * 3600 / lasted_s > s.limits["flows"]:
            return f"{grew:.0f} Wh flowed within {lasted_s:.0f} s, and no state but EVConnected was told"
    return None


@rule("OCPP-E01.R015", "call:TransactionEvent")
def a_charging_remote_start_names_its_token(s: Station, m: Message) -> bool | Debt | None:
    """E01.FR.10: what charges after a remote start has told its idToken, or tells it before its end."""
    tx = s.transaction(m)
    if tx is None or tx.remote_start is None or state_of(m) != "Charging" or tx.state == "Charging":
        return None
    if tx.token_told or _has_token(m):
        return True
    if _is_incomplete(tx, m) or m.payload.get("offline") or _nobody_is_authorized(s):
        return None
    seen, ends = "it charges after a remote start, and its idToken was never told", _ends(tx.id)
    wrong = partial(_ends_without, tx, seen)
    return Debt(seen, s.limits["told"], lambda x: _of(x) == tx.id and _has_token(x), wrong, ends)


def _ends(transaction: str) -> Callable[[Message], bool]:
    return lambda x: _of(x) == transaction and x.payload.get("eventType") == "Ended"


def _ends_without(tx: Transaction, seen: str, m: Message) -> str | None:
    """Of its end, what is wrong if none of its events is missing."""
    return seen if _ends(tx.id)(m) and not _is_incomplete(tx, m) else None


def _has_token(m: Message) -> bool:
    return isinstance(m.payload.get("idToken"), dict)


def _nobody_is_authorized(s: Station) -> bool:
    return s.variables.get("authctrlr.enabled", "").lower() == "false"


def _is_event(transaction: str, number: int) -> Callable[[Message], bool]:
    return lambda x: _of(x) == transaction and number_of(x) == number


def _of(m: Message) -> object:
    info = m.payload.get("transactionInfo")
    return info.get("transactionId") if type(info) is dict else None


def _is_incomplete(tx: Transaction | None, m: Message) -> bool:
    """Whether an event between the first and this one has not come."""
    number = number_of(m)
    return tx is not None and bool(tx.missing or (number is not None and number > (tx.seq_no or 0) + 1))


def _event(m: Message) -> tuple[Any, ...]:
    """What an event is known by when it is sent again, whatever else was added meanwhile (offline)."""
    told = m.payload.get
    return told("seqNo"), told("timestamp"), told("eventType"), told("triggerReason")


def _is_sent_again(before: Message | None, m: Message) -> bool:
    """The same event under a new message id: what a station may do that had no answer."""
    if before is None:
        return False
    return _event(before) == _event(m)


def _may_have_been_set(s: Station, t_ns: int, told_s: float) -> bool:
    """Whether its clock may have been set back after a moment at which it told a time: only heartbeats set it, none was
    answered since, and it was not ahead of the backend's."""
    by_heartbeats = s.variables.get("clockctrlr.timesource", "").lower() == "heartbeat"
    now_s = s.backend_time_s(t_ns)
    if not by_heartbeats or s.clock is None or now_s is None or s.clock[1] > t_ns:
        return True
    return told_s > now_s + s.limits["ahead"]
