"""OCPP G01: the state of connectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.judge.rules import Debt, Message, Passed, Station, rule
from harness.judge.rules._read import is_old, part, reported_states
from harness.judge.rules._transactions import state_of

_CONNECTED = ("EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE")


@rule("OCPP-G01.R003", "call:TransactionEvent")
def a_connected_car_occupies_its_connector(s: Station, m: Message) -> bool | Debt | None:
    """G01.FR.03: with a car connected, the connector is reported as Occupied."""
    at, state = _place(s, m)
    if state is None or state != "Available":
        return True if state is not None else None
    seen = f"a car is connected to EVSE {at[0]}, connector {at[1]}, which stays Available"
    mine = _is_of(part(m.payload, "transactionInfo", "transactionId"))
    over = Passed(int(s.limits["others"]), s.limits["meanwhile"], mine)
    return Debt(seen, s.limits["told"], _tells_other_than("Available", at), ends_by=_leaves, passed=over)


@rule("OCPP-G01.R004", "call:StatusNotification", "call:NotifyEvent")
def a_charging_connector_is_not_available(s: Station, m: Message) -> list[bool | Debt]:
    """G01.FR.03, .04: a connector that charges is not reported as Available."""
    found: list[bool | Debt] = []
    for evse, connector, state in reported_states(m):
        for tx in s.ongoing(evse) if not is_old(s, m, s.limits["old"]) else ():
            if tx.connector == connector and tx.state == "Charging":
                found.append(True if state != "Available" else _no_longer_charges(tx.id, s.limits["settles"]))
    return found


@rule("OCPP-G01.R005", "call:TransactionEvent")
def the_connector_of_a_session_is_the_occupied_one(s: Station, m: Message) -> bool | Debt | None:
    """E01.FR.16, G01.FR.03: with a car connected, a session names the connector that is told as Occupied."""
    at, state = _place(s, m)
    others = {k[1]: told for k, told in s.connectors.items() if k[0] == at[0] and k != at}
    if state is None or not others or (state == "Available" and "Occupied" not in others.values()):
        return None
    return _is_elsewhere(s, m, at) if state == "Available" else True


@rule("OCPP-G01.R006", "call:TransactionEvent")
def a_connector_is_free_once_its_car_left(s: Station, m: Message) -> bool | Debt | None:
    """G01.FR.04, .05: once its car has left, a connector whose cable is fixed is no longer reported as Occupied."""
    tx = s.transaction(m)
    at = (tx.evse, tx.connector) if tx is not None else (None, None)
    if not _has_left(m) or is_old(s, m, s.limits["old"]) or not s.cables.get(at, "").startswith("c"):
        return None  # a loose cable may stay in its socket until its owner comes (E09, E10)
    told = s.connectors.get(at) if all(at) else None  # type: ignore[arg-type]
    if told != "Occupied":
        return True if told is not None else None
    seen = f"the car has left EVSE {at[0]}, connector {at[1]}, which stays Occupied"
    return Debt(seen, s.limits["told"], _tells_other_than("Occupied", at), ends_by=_comes_to(at))


@rule("OCPP-G01.R010", "call:StatusNotification", "call:NotifyEvent")
def ids_start_at_one(s: Station, m: Message) -> list[bool | str]:
    """Part 1, 7.1 and 7.2: EVSEs and connectors are numbered from 1."""
    wrong = "a state of EVSE {}, connector {}; both are numbered from 1"
    return [True if e >= 1 and c >= 1 else wrong.format(e, c) for e, c, _ in reported_states(m)]


@rule("OCPP-G01.R011", "told:StatusNotification", "told:NotifyEvent", "told:Heartbeat")
def ids_leave_out_none(s: Station, m: Message) -> bool | Debt | None:
    """Part 1, 7.1 and 7.2: no number of an EVSE or connector is left out; asked once after each boot."""
    kept, booted_ns, after_ns = s.note("G01.R011"), s.boot_answered_ns, s.limits["after"] * 1e9
    if booted_ns is None or kept.get("of") == booted_ns or m.t_ns - booted_ns < after_ns or not s.connectors:
        return None
    if (s.opened_ns or 0) > booted_ns:
        return None  # a state may have been lost with the line
    kept["of"] = booted_ns
    evses = {e for e, _ in s.connectors}
    missing = {(e - 1, 1) for e in evses if e > 1 and e - 1 not in evses}
    missing |= {(e, c - 1) for e, c in s.connectors if c > 1 and (e, c - 1) not in s.connectors}
    seen = f"of EVSE and connector {min(missing)} nothing is told, of the number after it something" if missing else ""
    told_s = s.limits["told"]
    return Debt(seen, told_s, lambda x: any(r[:2] in missing for r in reported_states(x))) if missing else True


def _place(s: Station, m: Message) -> tuple[tuple[Any, Any], str | None]:
    """Where an event says that a car is connected, and what was told of there; None: it says no such thing, or late."""
    tx, evse = s.transaction(m), m.payload.get("evse")
    at = part(evse, "id") or (tx and tx.evse), part(evse, "connectorId") or (tx and tx.connector)
    if state_of(m) not in _CONNECTED or _ends(m) or is_old(s, m, s.limits["old"]):
        return at, None
    return at, s.connectors.get(at) if all(at) else None  # type: ignore[arg-type]


def _is_elsewhere(s: Station, m: Message, at: tuple[Any, Any]) -> Debt:
    """What is wrong if a session's connector stays Available until its car leaves, though there was time to tell."""
    tx, settled_ns = part(m.payload, "transactionInfo", "transactionId"), s.limits["settled"] * 1e9
    seen = f"a session at connector {at[1]} of EVSE {at[0]}, which stays Available; another one of it is Occupied"

    def left(x: Message) -> bool:
        return part(x.payload, "transactionInfo", "transactionId") == tx and _leaves(x)

    def stayed(x: Message) -> str | None:
        return seen if left(x) and x.t_ns - m.t_ns > settled_ns else None

    return Debt(seen, s.limits["told"], _tells_other_than("Available", at), stayed, left)


def _tells_other_than(state: str, at: tuple[Any, Any]) -> Callable[[Message], bool]:
    return lambda x: any(told[:2] == at and told[2] != state for told in reported_states(x))


def _is_of(transaction: Any) -> Callable[[Message], bool]:
    return lambda x: part(x.payload, "transactionInfo", "transactionId") == transaction


def _comes_to(at: tuple[Any, Any]) -> Callable[[Message], bool]:
    """The next car: a session on the EVSE, or its connector told as Occupied again."""

    def comes(x: Message) -> bool:
        starts = state_of(x) in _CONNECTED and part(x.payload, "evse", "id") == at[0]
        return starts or any(told == (*at, "Occupied") for told in reported_states(x))

    return comes


def _ends(m: Message) -> bool:
    return m.payload.get("eventType") == "Ended"


def _has_left(m: Message) -> bool:
    """Whether the car is gone, and its session with it."""
    return _ends(m) and state_of(m) == "Idle" and m.payload.get("triggerReason") == "EVCommunicationLost"


def _leaves(m: Message) -> bool:
    return _ends(m) or state_of(m) == "Idle"


def _no_longer_charges(identity: str, within_s: float) -> Debt:
    def changes(x: Message) -> bool:
        mine = part(x.payload, "transactionInfo", "transactionId") == identity
        return mine and (x.payload.get("eventType") == "Ended" or state_of(x) not in (None, "Charging"))

    return Debt(
        "a connector was reported Available while its transaction stayed in the state Charging", within_s, changes
    )
