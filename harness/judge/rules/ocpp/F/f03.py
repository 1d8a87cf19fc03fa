"""OCPP F03: stopping a transaction from afar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._read import part, told_at_s

_AUTHORIZES = ("Authorized", "RemoteStart")  # from then on it goes on
_DRIVER = ("Local", "MasterPass", None)  # left out, it reads as Local


@rule("OCPP-F03.R003", "call:TransactionEvent:Ended")
def remote_stop_is_the_reason(s: Station, m: Message) -> bool | str | None:
    """F03.FR.03: a transaction that the backend stopped has the reason Remote."""
    if m.payload.get("eventType") != "Ended" or m.payload.get("triggerReason") != "RemoteStop":
        return None
    reason = part(m.payload, "transactionInfo", "stoppedReason")
    return True if reason == "Remote" else f"RemoteStop ended it, and the stoppedReason is {reason}"


@rule("OCPP-F03.R007", "result:RequestStopTransaction")
def running_transactions_can_be_stopped(s: Station, m: Message) -> bool | Debt | None:
    """F03.FR.07: the stop of a transaction that runs is accepted."""
    tx = s.transactions.get(m.asked.get("transactionId", ""))
    if tx is None or not s.runs(tx) or s.registration == "Pending":
        return None
    if m.status == "Accepted":
        return True
    seen = f"a transaction runs, and it answered its stop with {m.status}"
    return Debt(seen, s.limits["late"], _is_of(tx.id, "eventType", "Ended"))  # its end may have been on its way


@rule("OCPP-F03.R008", "result:RequestStopTransaction")
def ended_transactions_cannot_be_stopped(s: Station, m: Message) -> bool | str | None:
    """F03.FR.08: the stop of a transaction that does not run is rejected."""
    tx = s.transactions.get(m.asked.get("transactionId", ""))
    if m.call is None or tx is None or tx.ended_ns is None or tx.ended_ns > m.call.t_ns:
        return None
    return True if m.status == "Rejected" else f"a transaction had ended, and it answered its stop with {m.status}"


@rule("OCPP-F03.R002", "result:RequestStopTransaction")
def accepted_stops_are_told(s: Station, m: Message) -> Debt | None:
    """F03.FR.02, .03: a stop that was accepted is told as an event with the trigger RemoteStop."""
    identity = m.asked.get("transactionId")
    tx = s.transactions.get(identity) if isinstance(identity, str) else None
    if m.status != "Accepted" or m.call is None or identity is None:
        return None
    if tx is not None and tx.heard_ns > m.call.t_ns:
        return None  # it told before it answered
    seen = "it accepted the stop of a transaction and told no event with RemoteStop"
    return Debt(
        seen,
        s.limits["told"],
        _is_of(identity, "triggerReason", "RemoteStop"),
        ends_by=_is_of(identity, "eventType", "Ended"),
    )


@rule("OCPP-F03.R004", "call:TransactionEvent", "result:RequestStopTransaction")
def no_driver_ended_what_the_backend_stopped(s: Station, m: Message) -> bool | str | None:
    """F03.FR.03, E06.FR.09: what ends by a stop that was accepted is not told as ended by its driver."""
    stopped, tx = s.note("F03.R004"), part(m.payload, "transactionInfo", "transactionId")
    by_driver = _stopped_by_drivers(s, m, tx)
    if m.is_result:
        if m.status == "Accepted" and m.call is not None and m.asked.get("transactionId") not in by_driver:
            stopped[m.asked.get("transactionId")] = m.utc_ns
        return None
    if m.payload.get("triggerReason") in _AUTHORIZES or (tx in by_driver and _crosses(s, m, stopped.get(tx))):
        stopped.pop(tx, None)
    if m.payload.get("eventType") != "Ended" or stopped.pop(tx, m) is m or "idToken" in m.payload:
        return None
    told = part(m.payload, "transactionInfo", "stoppedReason")
    return True if told not in _DRIVER else f"the backend stopped it, and the stoppedReason is {told or 'left out'}"


def _stopped_by_drivers(s: Station, m: Message, tx: object) -> dict[Any, Any]:
    """The transactions that their drivers have stopped, and nobody authorized again since."""
    by_driver = s.note("F03.R004 by its driver")
    if m.payload.get("triggerReason") in _AUTHORIZES:
        by_driver.pop(tx, None)
    if m.payload.get("triggerReason") == "StopAuthorized":
        by_driver[tx] = True
    return by_driver


def _crosses(s: Station, m: Message, accepted_ns: int | None) -> bool:
    """Whether its driver stopped it before the backend's stop was accepted, by its own clock, or unknown."""
    at = told_at_s(m)
    if at is None or accepted_ns is None:
        return True
    return at - (s.ahead_s or 0.0) <= accepted_ns / 1e9 + s.limits["crossing"]


def _is_of(identity: str, key: str, value: str) -> Callable[[Message], bool]:
    return lambda m: part(m.payload, "transactionInfo", "transactionId") == identity and m.payload.get(key) == value
