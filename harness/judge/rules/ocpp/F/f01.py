"""OCPP F01 and F02: starting a transaction from afar."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import still_ran
from harness.judge.rules._read import part
from harness.judge.rules._station import STARTS
from harness.judge.rules._transactions import number_of


@rule("OCPP-F01.R001", "call:TransactionEvent:Caused")
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


@rule("OCPP-F01.R004", "call:TransactionEvent:Caused")
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


@rule("OCPP-F01.R014", "result:RequestStartTransaction")
def names_the_session_that_it_found(s: Station, m: Message) -> bool | Debt | None:
    """F01.FR.13: a session that nobody was authorized for yet is named in the answer to a remote start at its EVSE."""
    evse, ahead_s = m.asked.get("evseId"), s.ahead_s
    if m.status != "Accepted" or m.call is None or m.call.utc_ns is None or evse is None or ahead_s is None:
        return None
    asked_s = m.call.utc_ns / 1e9 + ahead_s
    found = [tx for tx in s.ongoing(evse) if tx.began_s is not None and tx.began_s < asked_s and not tx.missing]
    if len(found) != 1 or found[0].token_told or found[0].went_on or found[0].remote_start is not None:
        return None
    if m.payload.get("transactionId") is not None:
        return True
    return still_ran(s, m, f"a session waited at EVSE {evse}, and its remote start does not name it", *found)


@rule("OCPP-F01.R019", "call:TransactionEvent")
def remote_starts_go_on_as_such(s: Station, m: Message) -> bool | str | None:
    """F01.FR.19, .25: the next event of a session that was there already names the remote start, and is one itself."""
    tx, named, number = s.transaction(m), _remote_start(m), number_of(m)
    if tx is None or named is None or named == tx.remote_start or named not in s.remote_starts:
        return None
    if m.payload.get("offline") or tx.missing or number != (tx.seq_no or 0) + 1:
        return None
    trigger = m.payload.get("triggerReason")
    return True if trigger in STARTS else f"its first event that names remote start {named} is {trigger}"


def _remote_start(m: Message) -> object:
    return part(m.payload, "transactionInfo", "remoteStartId")


def _token(token: object) -> str | None:
    text = part(token, "idToken")
    return text.lower() if isinstance(text, str) else None
