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
    if told in s.remote_starts:
        return True
    if not (s.from_start and s.booted) or m.payload.get("offline"):
        return None  # it may have been given before
    return f"remoteStartId {told}, which the backend never gave"


@rule("OCPP-F01.R004", "call:TransactionEvent")
def uses_the_token_it_was_given(s: Station, m: Message) -> bool | str | None:
    """F01.FR.04, F02.FR.12: a transaction that was started from afar has the idToken of the request."""
    asked = s.remote_starts.get(part(m.payload, "transactionInfo", "remoteStartId"))
    told = _token(m.payload.get("idToken"))
    if asked is None or told is None or m.payload.get("triggerReason") != "RemoteStart":
        return None
    return True if told == _token(asked.get("idToken")) else "the transaction has another idToken than the request"


@rule("OCPP-F01.R013", "result:RequestStartTransaction")
def accepted_starts_are_told(s: Station, m: Message) -> Debt | None:
    """F01.FR.03, .13, .25: a remote start of a transaction that is there already is told as an event of it."""
    if m.status != "Accepted" or m.payload.get("transactionId") is None or m.call is None:
        return None
    asked, identity, token = m.asked.get("remoteStartId"), m.payload["transactionId"], m.asked.get("idToken")

    def names_the_token_alone(x: Message) -> str | None:
        mine = part(x.payload, "transactionInfo", "transactionId") == identity
        named = mine and _token(x.payload.get("idToken")) == _token(token) is not None
        return f"it told the token of remote start {asked} without that id" if named else None

    # the token may be refused after all: then nothing is told
    return Debt("", s.limits["told"], lambda x: bool(_remote_start(x) == asked), names_the_token_alone)


def _remote_start(m: Message) -> object:
    return part(m.payload, "transactionInfo", "remoteStartId")


def _token(token: object) -> str | None:
    text = part(token, "idToken")
    return text.lower() if isinstance(text, str) else None
