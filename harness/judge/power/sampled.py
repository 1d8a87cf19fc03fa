"""Samples as a charger tells them, against each other: their times, and the currents of the phases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.ocpp._clock import moment
from harness.judge.ocpp._transactions import transaction_of
from harness.judge.power._asked import asked_by
from harness.trace import OcppMessage, Trace, messages

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
