"""What belongs to one session, driver or EVSE is told of that one alone."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.ocpp._transactions import transaction_of
from harness.judge.power._asked import asked_by
from harness.trace import OcppMessage, Trace, messages

_CALL = 2
_STOPS = ("StopAuthorized",)  # by whoever may stop it: the same driver, or another one of his group (E07.FR.01)


@judge("apart.own_driver")
def own_driver(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each RequestStartTransaction of `starts` has a session of its own, and that tells its idToken and no other.

    A session is found by its remoteStartId. Who stops it may be another one (E07), and is left out. One that was
    refused, or of which no session was told, shows nothing.
    """
    expected = "each session tells the idToken that it was started with, and no other"
    clause = "OCPP 2.0.1 F01.FR.04, F02.FR.12, E01.FR.08"
    told = _events(trace, claim)
    seen: list[str] = []
    evidence: list[OcppMessage] = []
    for start in claim.params["starts"]:
        call = asked_by(trace, start).call
        session = next((transaction_of(m) for m in told if _start_of(m) == call.payload.get("remoteStartId")), None)
        mine = [m for m in told if transaction_of(m) == session and m.payload.get("triggerReason") not in _STOPS]
        tokens = {_token(m.payload): m for m in mine if _token(m.payload) is not None}
        if session is None or not tokens:
            what = "no session was told" if session is None else "its session told no idToken"
            return unseen(expected, f"of a start {what}", acted="dut", clause=clause)
        wanted = _token(call.payload)
        if others := [m for token, m in tokens.items() if token != wanted]:
            return holds(False, expected, "it told another driver's", call.event, others[0].event, clause=clause)
        seen.append(session)
        evidence += tokens.values()
    if len(set(seen)) < len(seen):
        return holds(False, expected, "two starts led to one session", *(m.event for m in evidence), clause=clause)
    return holds(True, expected, f"{len(seen)} sessions did", *(m.event for m in evidence[:4]), clause=clause)


def _events(trace: Trace, claim: Claim) -> list[OcppMessage]:
    said = messages(trace.up_to(claim.seq), action="TransactionEvent", direction="in")
    return [m for m in said if m.type == _CALL]


def _start_of(message: OcppMessage) -> Any:
    info = message.payload.get("transactionInfo")
    return info.get("remoteStartId") if isinstance(info, dict) else None


def _token(payload: dict[str, Any]) -> str | None:
    """Compared without regard to case, as identifiers are (IdTokenType)."""
    token = payload.get("idToken")
    text = token.get("idToken") if isinstance(token, dict) else None
    return text.lower() if isinstance(text, str) else None
