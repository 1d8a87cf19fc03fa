"""The charger's clock against the backend's."""

from __future__ import annotations

from typing import Any

from harness.judge._core import Claim, Finding, Limits, held_against, judge
from harness.judge._say import found, unseen
from harness.judge.ocpp._clock import moment, skew
from harness.judge.ocpp._variables import name_of
from harness.trace import Event, Exchange, OcppMessage, Trace, exchanges, messages
from requirement_catalog import own_number

_CALL = 2
_CLAUSE = "OCPP 2.0.1 B01.FR.06, G02.FR.06"


@judge("clock.agrees")
def agrees(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The times that the charger's messages bear after event `since` are the backend's, within `clock` seconds.

    Only what it sends at once shows its clock: events of an outage are left out.
    """
    limit = limits["clock"]
    expected = f"its messages bear the backend's time, within {limit.value:g} {limit.unit}"
    clocks = skew(trace.after(int(claim.params["since"])), claim.seq)
    if clocks is None:
        return unseen(expected, "it sent nothing that bears a time", acted="dut", clause=_CLAUSE)
    verdict, measured = held_against("apart", abs(clocks.ahead_s), limit, uncertainty=clocks.within_s)
    way = "ahead of" if clocks.ahead_s > 0 else "behind"
    seen = f"its clock is {abs(clocks.ahead_s):.1f} s {way} the backend's, by {clocks.messages} messages"
    return found(verdict, expected, seen, trace.by_seq(claim.seq), clause=_CLAUSE, measurements=[measured])


@judge("clock.follows")
def follows(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` its heartbeats were answered with another time; what it stamps afterwards bears that time."""
    limit, clause = limits["clock"], "OCPP 2.0.1 G02.FR.06"
    expected = f"its messages bear the time that its heartbeats were told, within {limit.value:g} {limit.unit}"
    part = trace.after(int(claim.params["since"])).up_to(claim.seq)
    told = [(e, s) for e in exchanges(part, action="Heartbeat", direction="in") if (s := _told_ahead_s(e)) is not None]
    if not told:
        return unseen(expected, "it asked for no time", acted="dut", clause=clause)
    (first, ahead_s), answer = told[0], told[0][0].answer
    clocks = skew(trace.after(answer.seq if answer is not None else claim.seq), claim.seq)
    if clocks is None:
        return unseen(expected, "afterwards it sent nothing that bears a time", acted="dut", clause=clause)
    if abs(ahead_s) <= 2 * (limit.value + clocks.within_s):
        return unseen(expected, "the time that it was told is no other", acted="harness", clause=clause)
    off_s = clocks.ahead_s - ahead_s
    verdict, measured = held_against("apart", abs(off_s), limit, uncertainty=clocks.within_s)
    seen = f"told a time {ahead_s:+.0f} s from ours, its clock is {clocks.ahead_s:+.1f} s from ours"
    return found(
        verdict, expected, seen, first.call.event, trace.by_seq(claim.seq), clause=clause, measurements=[measured]
    )


@judge("clock.of_the_change")
def of_the_change(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The connector's new `state`, told after event `since` (before it came about), bears a time from then to when it
    was received, within `clock` seconds; of several such messages one does."""
    limit, state, evse = limits["clock"], str(claim.params["state"]), int(claim.params["evse_id"])
    clause = "OCPP 2.0.1 Part 2, StatusNotificationRequest.timestamp, EventDataType.timestamp"
    expected = f"{state} is told with the time of the change, within {limit.value:g} {limit.unit}"
    since = trace.by_seq(int(claim.params["since"]))
    told = messages(trace.after(since.seq).up_to(claim.seq), direction="in")
    stamped = [(m, text) for m in told if m.type == _CALL for text in _stamps(m, evse, state)]
    beside = [(apart_s, m, text) for m, text in stamped if (apart_s := _outside_s(text, since, m.event)) is not None]
    if not beside:
        seen = f"it was told with {stamped[0][1]!r}" if stamped else "it was not told"
        return unseen(expected, seen, acted="dut", clause=clause)
    apart_s, message, text = min(beside, key=lambda each: abs(each[0]))
    verdict, measured = held_against("apart", abs(apart_s), limit, uncertainty=own_number("clock.least_spread"))
    way = "before anything had changed" if apart_s < 0 else "after it was told"
    seen = f"it was told with {text}" + (f", {abs(apart_s):.1f} s {way}" if apart_s else ", in between")
    return found(verdict, expected, seen, since, message.event, clause=clause, measurements=[measured])


def _outside_s(text: object, since: Event, until: Event) -> float | None:
    """How far a stamp lies before one event (negative) or after the other; 0 in between, None where it is no time."""
    stamp, earliest, latest = moment(text), moment(since.utc), moment(until.utc)
    if stamp is None or earliest is None or latest is None:
        return None
    return min((stamp - earliest).total_seconds(), 0.0) or max((stamp - latest).total_seconds(), 0.0)


def _stamps(message: OcppMessage, evse: int, state: str) -> list[object]:
    """The times with which a message tells this state of this EVSE's connectors."""
    payload = message.payload
    if message.action == "StatusNotification":
        fits = (payload.get("evseId"), payload.get("connectorStatus")) == (evse, state)
        return [payload.get("timestamp")] if fits else []
    told = payload.get("eventData") if message.action == "NotifyEvent" else None
    return [each.get("timestamp") for each in told or [] if isinstance(each, dict) and _tells(each, evse, state)]


def _tells(event: dict[str, Any], evse: int, state: str) -> bool:
    at = (event.get("component") or {}).get("evse") or {}
    fits = at.get("id") == evse and event.get("actualValue") == state
    return fits and name_of(event) == "connector.availabilitystate"


def _told_ahead_s(asked: Exchange) -> float | None:
    """How far the time in a heartbeat's answer was ahead of ours."""
    told = moment(asked.answer.payload.get("currentTime")) if asked.answer is not None else None
    ours = moment(asked.answer.event.utc) if asked.answer is not None else None
    return None if told is None or ours is None else (told - ours).total_seconds()
