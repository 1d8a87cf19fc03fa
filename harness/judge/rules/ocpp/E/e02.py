"""OCPP E02: starting with the cable; the driver's authorization."""

from __future__ import annotations

from collections.abc import Callable

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._read import part, samples, told_at_s
from harness.judge.rules._transactions import number_of, state_of

_TELL_NO_CHANGE = ("MeterValuePeriodic", "MeterValueClock")  # Trigger tells the state too, and is asked for


@rule("OCPP-E02.R001", "call:TransactionEvent:Caused")
def authorized_events_name_the_token(s: Station, m: Message) -> bool | str | None:
    """E02.FR.01, .20, E03.FR.01: an event about an authorization has the idToken."""
    if m.payload.get("triggerReason") != "Authorized":
        return None
    tx = s.transaction(m)
    if tx is not None and tx.authorized:
        return None  # it is told once for each authorization
    return True if isinstance(m.payload.get("idToken"), dict) else "Authorized without an idToken"


@rule("OCPP-E02.R017", "call:TransactionEvent")
def changes_of_state_have_their_event(s: Station, m: Message) -> bool | Debt | None:
    """E02.FR.17: a change of the charging state is told by an event with its trigger, or one that says more."""
    tx, state, number = s.transaction(m), state_of(m), number_of(m)
    if tx is None or tx.last is None or None in (tx.state, state) or state == tx.state or m.payload.get("offline"):
        return None
    if number is None or number != (tx.seq_no or 0) + 1 or tx.missing or tx.last.connection != m.connection:
        return None
    if m.payload.get("triggerReason") not in _TELL_NO_CHANGE:
        return True
    seen = f"{m.payload['triggerReason']} alone told that the charging state went from {tx.state} to {state}"
    told = _tells(tx.id, state, told_at_s(m), s.limits["overlaps"])
    paid = _is_change(tx.id)
    return Debt(seen, s.limits["follows"], lambda x: paid(x) or told(x), lambda x: seen if _is_end(tx.id)(x) else None)


@rule("OCPP-E02.R018", "call:TransactionEvent")
def phases_are_plausible(s: Station, m: Message) -> bool | str | None:
    """E02.FR.18: while charging, the number of phases used is 1 to 3; 0 is told of DC only."""
    phases, state = m.payload.get("numberOfPhasesUsed"), part(m.payload, "transactionInfo", "chargingState")
    if phases is None or state != "Charging":
        return None
    measured = phases == 0 and any(x.phase is not None and x.value for x in samples(m) if "Import" in x.measurand)
    if phases in (0, 1, 2, 3) and not measured:
        return True
    return f"charging with {phases} phases" + (", of which it measures some" if measured else "")


def _is_change(identity: str) -> Callable[[Message], bool]:
    def told(x: Message) -> bool:
        mine = part(x.payload, "transactionInfo", "transactionId") == identity
        return mine and x.payload.get("triggerReason") == "ChargingStateChanged"

    return told


def _tells(identity: str, state: object, at_s: float | None, overlaps_s: float) -> Callable[[Message], bool]:
    """An event of the same moment that tells the state by a trigger that says more: it is used in place of another."""

    def told(x: Message) -> bool:
        mine = part(x.payload, "transactionInfo", "transactionId") == identity and state_of(x) == state
        more, then_s = x.payload.get("triggerReason") not in (*_TELL_NO_CHANGE, "Trigger"), told_at_s(x)
        return mine and more and at_s is not None and then_s is not None and abs(then_s - at_s) <= overlaps_s

    return told


def _is_end(identity: str) -> Callable[[Message], bool]:
    def told(x: Message) -> bool:
        mine = part(x.payload, "transactionInfo", "transactionId") == identity
        return mine and x.payload.get("eventType") == "Ended"

    return told
