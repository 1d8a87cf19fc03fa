"""OCPP F02: starting a transaction from afar before the car comes."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import part
from harness.judge.rules._station import STARTS


@rule("OCPP-F02.R021", "call:TransactionEvent:Started")
def remote_starts_begin_as_such(s: Station, m: Message) -> bool | str | None:
    """F02.FR.21: the first event of a transaction that the backend started has the trigger RemoteStart."""
    if m.payload.get("eventType") != "Started" or part(m.payload, "transactionInfo", "remoteStartId") is None:
        return None
    if part(m.payload, "transactionInfo", "remoteStartId") not in s.remote_starts:
        return None
    trigger = m.payload.get("triggerReason")
    return True if trigger in STARTS else f"a transaction that the backend started began with {trigger}"


@rule("OCPP-F02.R005", "call:TransactionEvent:Started")
def remote_starts_name_the_token(s: Station, m: Message) -> bool | str | None:
    """F02.FR.05: a transaction that begins by a remote start tells the idToken, which is known from the request."""
    if m.payload.get("eventType") != "Started" or m.payload.get("triggerReason") != "RemoteStart":
        return None
    if part(m.payload, "transactionInfo", "remoteStartId") not in s.remote_starts:
        return None
    return True if isinstance(m.payload.get("idToken"), dict) else "it began by a remote start and names no idToken"
