"""Samples as a charger tells them, against each other and the clock: their times, and the currents of the phases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge._series import series, within
from harness.judge.ocpp._clock import moment
from harness.judge.ocpp._transactions import transaction_of
from harness.judge.power._asked import asked_by
from harness.trace import OcppMessage, Trace, messages
from requirement_catalog import own_number

_CALL = 2
_PHASES = ("L1", "L2", "L3")


@judge("sampled.at_their_time")
def at_their_time(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since`, what sessions sampled is stamped within its session, and not later than its event.

    By the charger's own clock alone (MeterValueType.timestamp; J02.FR.10, J02.FR.18). Of an event that is no Ended, the
    newest sample is no older than the interval that SetVariables `every` gave, if it was accepted. Values that are
    aligned to the clock may be from before the session.
    """
    expected = "each sample's time lies in its session, and is that of its event"
    clause = "OCPP 2.0.1 J02.FR.10, J02.FR.18"
    begun: dict[str, datetime] = {}
    interval, grace, compared = _interval(trace, claim), timedelta(seconds=limits["stamp"].value), 0
    for message in _events(trace, claim):
        at, session = moment(message.payload.get("timestamp")), transaction_of(message)
        if at is None:
            continue
        if message.payload.get("eventType") == "Started":
            begun[session] = at
        taken = [t for t in _times(message) if t is not None]
        if not taken or session not in begun:
            continue
        compared += 1
        ended = message.payload.get("eventType") == "Ended"
        if max(taken) > at + grace:
            return holds(False, expected, _apart(max(taken), at, "later than its event"), message.event, clause=clause)
        if min(taken) < begun[session] - grace:
            seen = _apart(begun[session], min(taken), "before its session")
            return holds(False, expected, seen, message.event, clause=clause)
        if interval is not None and not ended and max(taken) < at - interval - grace:
            seen = _apart(at, max(taken), "older than its event")
            return holds(False, expected, seen, message.event, clause=clause)
    if not compared:
        return unseen(expected, "no session told a sample", acted="dut", clause=clause)
    return holds(True, expected, f"{compared} events with samples compared", clause=clause)


@judge("sampled.every_phase")
def every_phase(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since`, currents that are told by phase account for the power of all phases told at that moment.

    A station that measures what it tells the power of measures each phase, and then it tells each (part 2, J 2.3). It
    may tell one current for all, and it need not tell any.
    """
    expected = "currents told by phase are those of all phases that carry the power told with them"
    clause = "OCPP 2.0.1 Part 2, J 2.3, J02.FR.06"
    most_v, slack_w, compared = limits["phase_voltage"].value, limits["phase_power"].value, 0
    for message in _events(trace, claim):
        for value in _list(message.payload.get("meterValue")):
            told = _list(value.get("sampledValue")) if isinstance(value, dict) else []
            for place in ("Inlet", "Outlet"):
                here = [s for s in told if isinstance(s, dict) and s.get("location", "Outlet") == place]
                amps, watts = _by_phase(here), _total(here, "Power.Active.Import")
                if not amps or watts is None:
                    continue
                compared += 1
                most_w = sum(amps.values()) * most_v + slack_w
                if watts > most_w and len(amps) < len(_PHASES):
                    seen = f"{', '.join(f'{p} {a:.1f} A' for p, a in amps.items())} alone, beside {watts:.0f} W"
                    return holds(False, expected, seen, message.event, clause=clause)
    seen = f"{compared} samples compared" if compared else "it tells no currents by phase beside its power"
    return holds(True, expected, seen, clause=clause)


@judge("sampled.to_the_clock")
def to_the_clock(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since event `since`, clock-aligned values are stamped at whole intervals of `every_s` since midnight (J 2.2).

    By the charger's own clock; each may be taken a moment late. It was set to tell some, and idle for two intervals.
    """
    every_s, clause = int(claim.params["every_s"]), "OCPP 2.0.1 Part 2, J 2.2, J01.FR.14"
    late_s = own_number("aligned.late")
    expected = f"clock-aligned values each {every_s} s, counted from midnight"
    told = [(m, at) for m in _said(trace, claim) for at in _stamped(m)]
    if not told:
        return holds(False, expected, "it told none", trace.by_seq(claim.params["since"]), clause=clause)
    off = [(m, at) for m, at in told if late_s < _seconds(at) % every_s < every_s - late_s]
    message, at = (off or told)[0]
    seen = f"{len(told)} of them, one stamped {at.isoformat()}: {_seconds(at) % every_s:.1f} s after a whole interval"
    return holds(not off, expected, seen, message.event, clause=clause)


@judge("sampled.current_to_the_grid", reads=("meter",))
def current_to_the_grid(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Since event `since` energy flowed to the grid: no current is told as flowing to the car (MeasurandEnumType)."""
    expected, clause = "no Current.Import while energy flows to the grid", "OCPP 2.1 MeasurandEnumType"
    since, end_ns = trace.by_seq(claim.params["since"]), trace.by_seq(claim.seq).t_ns
    points = within(series(trace, "p_w"), since.t_ns, end_ns)
    if not points or max(p.value for p in points) > -limits["least_power"].value:
        return unseen(expected, "energy did not flow to the grid all the time", acted="ev", clause=clause)
    told = [(m, s) for m in _said(trace, claim) for s in _samples(m) if s.get("measurand") == "Current.Import"]
    lead_ns = int(limits["lead"].value * 1e9)
    told = [(m, s) for m, s in told if m.event.t_ns > since.t_ns + lead_ns and isinstance(s.get("value"), int | float)]
    if not told:
        return holds(True, expected, "it tells no such current", since, clause=clause)
    message, most = max(told, key=lambda each: float(each[1]["value"]))
    seen = f"at most {most['value']:g} A told as Current.Import"
    return holds(float(most["value"]) <= own_number("aligned.no_current"), expected, seen, message.event, clause=clause)


def _events(trace: Trace, claim: Claim) -> Iterator[OcppMessage]:
    since = int(claim.params.get("since", -1))
    for message in messages(trace.after(since).up_to(claim.seq), action="TransactionEvent", direction="in"):
        if message.type == _CALL:
            yield message


def _times(message: OcppMessage) -> Iterator[datetime | None]:
    for value in _list(message.payload.get("meterValue")):
        told = _list(value.get("sampledValue")) if isinstance(value, dict) else []
        contexts = {s.get("context", "Sample.Periodic") for s in told if isinstance(s, dict)}
        if contexts & {"Sample.Periodic", "Transaction.Begin", "Transaction.End"}:
            yield moment(value.get("timestamp"))


def _interval(trace: Trace, claim: Claim) -> timedelta | None:
    """The interval of samples that SetVariables `every` set; None where none was, or it was not accepted."""
    if claim.params.get("every") is None:
        return None
    pair = asked_by(trace, int(claim.params["every"]))
    results = _list(pair.answer.payload.get("setVariableResult")) if pair.answer is not None else []
    if not results or results[0].get("attributeStatus") != "Accepted":
        return None
    return timedelta(seconds=float(pair.call.payload["setVariableData"][0]["attributeValue"]))


def _by_phase(samples: list[dict[str, Any]]) -> dict[str, float]:
    """A of each phase that is told by itself; empty where the current of all is told, too."""
    told = {str(s.get("phase")).removesuffix("-N"): s for s in samples if s.get("measurand") == "Current.Import"}
    amps = {phase: float(s["value"]) for phase, s in told.items() if _is_number(s.get("value"))}
    return {p: a for p, a in amps.items() if p in _PHASES} if set(amps) <= set(_PHASES) else {}


def _total(samples: list[dict[str, Any]], measurand: str) -> float | None:
    for sample in samples:
        if sample.get("measurand") == measurand and "phase" not in sample and _is_number(sample.get("value")):
            unit = sample.get("unitOfMeasure")
            unit = unit if isinstance(unit, dict) else {}
            scale = {"W": 1.0, "kW": 1000.0}.get(str(unit.get("unit", "W")))
            power = unit.get("multiplier", 0)
            return None if scale is None or not _is_number(power) else float(sample["value"]) * scale * 10.0**power
    return None


def _apart(later: datetime, earlier: datetime, what: str) -> str:
    return f"a sample is {(later - earlier).total_seconds():.0f} s {what}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(trace: Trace, claim: Claim) -> Iterator[OcppMessage]:
    for message in messages(trace.after(claim.params["since"]).up_to(claim.seq), direction="in"):
        if message.type == _CALL and message.action in ("TransactionEvent", "MeterValues"):
            yield message


def _samples(message: OcppMessage) -> Iterator[dict[str, Any]]:
    for value in _list(message.payload.get("meterValue")):
        yield from (
            (s for s in _list(value.get("sampledValue")) if isinstance(s, dict)) if isinstance(value, dict) else ()
        )


def _stamped(message: OcppMessage) -> Iterator[datetime]:
    for value in _list(message.payload.get("meterValue")):
        told = _list(value.get("sampledValue")) if isinstance(value, dict) else []
        at = moment(value.get("timestamp")) if told else None
        if at is not None and any(isinstance(s, dict) and s.get("context") == "Sample.Clock" for s in told):
            yield at


def _seconds(at: datetime) -> float:
    return (at.hour * 60 + at.minute) * 60 + at.second + at.microsecond / 1e6
