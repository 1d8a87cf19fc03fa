"""What belongs to one session, driver or EVSE is told of that one alone."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.ocpp._transactions import transaction_of
from harness.judge.ocpp.core_ocpp import connector_states
from harness.judge.power._asked import asked_by
from harness.trace import OcppMessage, Scope, Trace, messages

_CALL = 2
_STOPS = ("StopAuthorized",)  # by whoever may stop it: the same driver, or another one of his group (E07.FR.01)


@judge("apart.own_driver")
def own_driver(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each RequestStartTransaction of `starts` has a session of its own, and that tells its idToken and no other.

    A session is found by its remoteStartId. Who stops it may be another one (E07), and is left out. One that was
    refused, or of which no session was told, shows nothing. Nor do two starts in one session that was not told as ended
    in between: TxStopPoint says how long one lasts, and a bay that stays occupied may hold it (E06).
    """
    expected = "each session tells the idToken that it was started with, and no other"
    clause = "OCPP 2.0.1 F01.FR.04, F02.FR.12, E01.FR.08"
    told = _events(trace, claim)
    seen: list[str] = []
    evidence: list[OcppMessage] = []
    if _goes_on(told, [asked_by(trace, start).call for start in claim.params["starts"]]):
        return unseen(expected, "a session went on when the next one was started", acted="dut", clause=clause)
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


@judge("apart.own_evse")
def own_evse(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since event `since` sessions ran at each of `evses` at once; each has an id of its own and names its EVSE alone.

    Where fewer were told of, nothing was shown.
    """
    expected = f"the sessions at EVSEs {' and '.join(map(str, claim.params['evses']))} have an id and an EVSE each"
    clause = "OCPP 2.0.1 E01.FR.08, E01.FR.14, E01.FR.16"
    since = int(claim.params["since"])
    at: dict[str, dict[int, OcppMessage]] = {}
    begins: dict[str, list[OcppMessage]] = {}
    for message in _events(trace, claim):
        if message.event.seq <= since:
            continue
        session = transaction_of(message)
        if message.payload.get("eventType") == "Started":
            begins.setdefault(session, []).append(message)
        evse = message.payload.get("evse")
        if isinstance(evse, dict) and isinstance(evse.get("id"), int):
            at.setdefault(session, {})[evse["id"]] = message
    for session, places in at.items():
        if len(places) > 1:
            seen = f"session {session[:12]} is told of at EVSEs {', '.join(map(str, sorted(places)))}"
            return holds(False, expected, seen, *(m.event for m in places.values()), clause=clause)
    missing = set(claim.params["evses"]) - {evse for places in at.values() for evse in places}
    if missing:
        return unseen(expected, f"no session was told at EVSE {min(missing)}", acted="dut", clause=clause)
    events = [m.event for told in begins.values() for m in told]
    return holds(True, expected, f"{len(at)} sessions do", *events[:4], clause=clause)


@judge("apart.own_status")
def own_status(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since event `since` EVSE `other` told `states`, and EVSE `evse_id`, where nothing happened, told none of them."""
    states, mine, other = list(claim.params["states"]), int(claim.params["evse_id"]), int(claim.params["other"])
    expected = f"EVSE {other} is told as {' and '.join(states)}, and EVSE {mine} is not"
    clause = "OCPP 2.0.1 G01.FR.03, G01.FR.07"
    everything = Scope(trace.unscoped, station=trace.of_station)
    part = everything.after(int(claim.params["since"])).up_to(claim.seq)
    told: dict[int, list[tuple[str, OcppMessage]]] = {mine: [], other: []}
    for message in messages(part, direction="in"):
        if message.type == _CALL:
            for evse, found in told.items():
                found += [(state, message) for state in connector_states(message, evse)]
    if wrong := [(state, m) for state, m in told[mine] if state in states]:
        seen = f"EVSE {mine} was told as {wrong[0][0]}"
        return holds(False, expected, seen, wrong[0][1].event, clause=clause)
    missing = [state for state in states if state not in [told_state for told_state, _ in told[other]]]
    if missing:
        return unseen(expected, f"EVSE {other} was not told as {missing[0]}", acted="dut", clause=clause)
    return holds(True, expected, "so it was", told[other][0][1].event, clause=clause)


def _events(trace: Trace, claim: Claim) -> list[OcppMessage]:
    """Of all EVSEs of the station."""
    everything = Scope(trace.unscoped, station=trace.of_station)
    said = messages(everything.up_to(claim.seq), action="TransactionEvent", direction="in")
    return [m for m in said if m.type == _CALL]


def _goes_on(told: list[OcppMessage], starts: list[OcppMessage]) -> bool:
    """Whether a session that one of these starts led to took in another one before it was told as ended."""
    ids = [call.payload.get("remoteStartId") for call in starts]
    running: dict[str, Any] = {}
    for message in told:
        session, start = transaction_of(message), _start_of(message)
        if start in ids and running.setdefault(session, start) != start:
            return True
        if message.payload.get("eventType") == "Ended":
            running.pop(session, None)
    return False


def _start_of(message: OcppMessage) -> Any:
    info = message.payload.get("transactionInfo")
    return info.get("remoteStartId") if isinstance(info, dict) else None


def _token(payload: dict[str, Any]) -> str | None:
    """Compared without regard to case, as identifiers are (IdTokenType)."""
    token = payload.get("idToken")
    text = token.get("idToken") if isinstance(token, dict) else None
    return text.lower() if isinstance(text, str) else None
