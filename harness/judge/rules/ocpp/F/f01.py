"""OCPP F01 and F02: starting a transaction from afar."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._read import part


@rule("OCPP-F01.R001", "call:TransactionEvent")
def names_the_remote_start(s: Station, m: Message) -> bool | str | None:
    """F01.FR.25, F02.FR.01, .21: an event about a remote start has the id that the backend gave it."""
    if m.payload.get("triggerReason") != "RemoteStart":
        return None
    told, tx = part(m.payload, "transactionInfo", "remoteStartId"), s.transaction(m)
    told = tx.remote_start if told is None and tx is not None else told
    if told is None:
        return "RemoteStart without a remoteStartId"
    return (
        True if told in s.remote_starts or not s.from_start else f"remoteStartId {told}, which the backend never gave"
    )


@rule("OCPP-F01.R004", "call:TransactionEvent")
def uses_the_token_it_was_given(s: Station, m: Message) -> bool | str | None:
    """F01.FR.04, F02.FR.12: a transaction that was started from afar has the idToken of the request."""
    asked = s.remote_starts.get(part(m.payload, "transactionInfo", "remoteStartId"))
    told = part(m.payload, "idToken", "idToken")
    if asked is None or told is None or m.payload.get("triggerReason") != "RemoteStart":
        return None
    wanted = part(asked, "idToken", "idToken")
    return True if str(told).lower() == str(wanted).lower() else "the transaction has another idToken than the request"


@rule("OCPP-F01.R013", "result:RequestStartTransaction")
def accepted_starts_are_told(s: Station, m: Message) -> Debt | None:
    """F01.FR.03, .13, .25: a remote start of a transaction that is there already is told as an event of it."""
    identity, asked = m.payload.get("transactionId"), m.asked.get("remoteStartId")
    if m.status != "Accepted" or identity is None or m.call is None:
        return None
    seen = f"it accepted remote start {asked} for a transaction and told no event with that id"
    return Debt(
        seen, 120.0, lambda x: part(x.payload, "transactionInfo", "remoteStartId") == asked, ends_by=_ended(identity)
    )


def _ended(identity: object):  # type: ignore[no-untyped-def]
    return lambda x: (
        x.payload.get("eventType") == "Ended" and part(x.payload, "transactionInfo", "transactionId") == identity
    )
