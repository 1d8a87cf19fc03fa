"""Limits and setpoints as they were commanded, read from a trace: over OCPP, over ISO 15118, and on site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.trace import Event, Exchange, Trace, exchanges

_FIELDS = (("limit", "limit"), ("setpoint", "setpoint"), ("dischargeLimit", "discharge limit"))
_PURPOSES = {
    "ChargingStationMaxProfile": "whole station",
    "ChargingStationExternalConstraints": "external",
    "TxDefaultProfile": "default",
    "TxProfile": "this session",
    "PriorityCharging": "priority",
    "LocalGeneration": "local generation",
}
_V2G_FIELDS = {
    "evsetargetactivepower": "ISO 15118 target",
    "evsemaximumchargepower": "ISO 15118 charge limit",
    "evsemaximumdischargepower": "ISO 15118 discharge limit",
}


@dataclass
class StepLine:
    """A commanded value over time. `points` are (t_ns, value); value None ends the line. `unit` is "A" or "W"."""

    label: str
    unit: str
    protocol: str  # "ocpp", "v2g" or "ems"
    points: list[tuple[int, float | None]] = field(default_factory=list)

    def add(self, t_ns: int, value: float | None) -> None:
        """From `t_ns` on the value holds; what was planned for later is replaced."""
        self.points = [p for p in self.points if p[0] < t_ns]
        if not self.points or self.points[-1][1] != value:
            self.points.append((t_ns, value))


@dataclass(frozen=True)
class Refusal:
    """A limit that the charger did not accept: when it was sent, and what came back."""

    t_ns: int
    status: str


def ocpp_lines(events: Trace) -> tuple[list[StepLine], list[Refusal]]:
    """The step lines of all charging profiles that were accepted, and the ones that were not."""
    lines: dict[tuple[str, str, str], StepLine] = {}
    owners: dict[Any, set[tuple[str, str, str]]] = {}
    refused: list[Refusal] = []
    for exchange in exchanges(events, direction="out"):
        action = exchange.call.action
        if action not in ("SetChargingProfile", "UpdateDynamicSchedule", "ClearChargingProfile"):
            continue
        status = _status(exchange)
        if status != "Accepted" and action == "ClearChargingProfile":
            continue  # there was nothing to clear
        if status != "Accepted":
            refused.append(Refusal(exchange.call.event.t_ns, status))
        elif action == "SetChargingProfile":
            _set(exchange, lines, owners)
        elif action == "UpdateDynamicSchedule":
            _update(exchange, lines, owners)
        else:
            _clear(exchange, lines, owners)
    several = len({key[0] for key in lines}) > 1
    for (purpose, what, _), line in lines.items():
        line.label = f"OCPP {what}" + (f" ({_PURPOSES.get(purpose, purpose[:20])})" if several else "")
    return list(lines.values()), refused


def _status(exchange: Exchange) -> str:
    if exchange.answer is None:
        return "not answered"
    return str(exchange.answer.error_code or exchange.answer.payload.get("status", "no status"))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _dicts(value: Any) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _set(
    exchange: Exchange, lines: dict[tuple[str, str, str], StepLine], owners: dict[Any, set[tuple[str, str, str]]]
) -> None:
    profile = exchange.call.payload.get("chargingProfile")
    if not isinstance(profile, dict):
        return
    purpose = str(profile.get("chargingProfilePurpose", "profile"))
    sent_ns = exchange.call.event.t_ns
    for schedule in _dicts(profile.get("chargingSchedule")):
        unit = "W" if schedule.get("chargingRateUnit") == "W" else "A"
        start_ns = sent_ns + _offset_ns(exchange.call.event, schedule.get("startSchedule"))
        periods = sorted(
            _dicts(schedule.get("chargingSchedulePeriod")), key=lambda p: _number(p.get("startPeriod")) or 0
        )
        for name, what in _FIELDS:
            if not any(_number(p.get(name)) is not None for p in periods):
                continue
            key = (purpose, what, unit)
            line = lines.setdefault(key, StepLine(what, unit, "ocpp"))
            owners.setdefault(profile.get("id"), set()).add(key)
            for period in periods:
                begins = start_ns + int((_number(period.get("startPeriod")) or 0) * 1e9)
                line.add(max(begins, sent_ns), _number(period.get(name)))
            duration = _number(schedule.get("duration"))
            if duration is not None:
                line.add(max(start_ns + int(duration * 1e9), sent_ns), None)


def _update(
    exchange: Exchange, lines: dict[tuple[str, str, str], StepLine], owners: dict[Any, set[tuple[str, str, str]]]
) -> None:
    update = exchange.call.payload.get("scheduleUpdate")
    if not isinstance(update, dict):
        return
    known = owners.get(exchange.call.payload.get("chargingProfileId"), set())
    unit = next(iter(known))[2] if known else "W"
    purpose = next(iter(known))[0] if known else "dynamic"
    for name, what in _FIELDS:
        value = _number(update.get(name))
        if value is not None:
            line = lines.setdefault((purpose, what, unit), StepLine(what, unit, "ocpp"))
            line.add(exchange.call.event.t_ns, value)


def _clear(
    exchange: Exchange, lines: dict[tuple[str, str, str], StepLine], owners: dict[Any, set[tuple[str, str, str]]]
) -> None:
    payload = exchange.call.payload
    criteria = payload.get("chargingProfileCriteria")
    purpose = criteria.get("chargingProfilePurpose") if isinstance(criteria, dict) else None
    if payload.get("chargingProfileId") is not None:
        ended = owners.get(payload["chargingProfileId"], set())
    else:
        ended = {key for key in lines if purpose is None or key[0] == purpose}
    for key in ended:
        if key in lines:
            lines[key].add(exchange.call.event.t_ns, None)


def _offset_ns(event: Event, start: Any) -> int:
    """Nanoseconds from the sending of a profile to its startSchedule; 0 when there is none that can be read."""
    if not isinstance(start, str):
        return 0
    try:
        begins = datetime.fromisoformat(start.replace("Z", "+00:00"))
        sent = datetime.fromisoformat(event.utc.replace("Z", "+00:00"))
        return int((begins - sent).total_seconds() * 1e9)
    except (ValueError, TypeError):
        return 0


def site_lines(events: Trace) -> list[StepLine]:
    """What the energy management system on site allowed, in W, as the bench's "ems" port confirmed it."""
    line = StepLine("site limit (EMS)", "W", "ems")
    for event in events.of("bench.reply", who="bench.ems"):
        told = str(event.data.get("reply", "")).split()
        if told[:2] == ["OK", "CLEAR"] and line.points:
            line.add(event.t_ns, None)
        elif told[:2] == ["OK", "LIMIT"] and len(told) > 2 and told[2].replace(".", "", 1).isdecimal():
            line.add(event.t_ns, float(told[2]))
    return [line] if line.points else []


def v2g_lines(events: Trace) -> list[StepLine]:
    """What the charger asked of the car in its charge-loop answers, in W: targets, else limits."""
    lines: dict[str, StepLine] = {}
    for event in events:
        name = str(event.data.get("name", "")) if event.kind == "v2g.message" else ""
        if name == "SessionStopRes":
            for line in lines.values():
                line.add(event.t_ns, None)
        if "ChargeLoopRes" not in name:
            continue
        for label, watts in _targets(event.data.get("payload")):
            lines.setdefault(label, StepLine(label, "W", "v2g")).add(event.t_ns, watts)
    target = lines.get("ISO 15118 target")
    return [target] if target else list(lines.values())


def _targets(value: Any, depth: int = 0) -> Iterator[tuple[str, float]]:
    if depth > 12:  # payloads come from the charger: bounded
        return
    if isinstance(value, list):
        for item in value:
            yield from _targets(item, depth + 1)
    elif isinstance(value, dict):
        for name, inner in value.items():
            label = _V2G_FIELDS.get(str(name).replace("_", "").lower())
            watts = _rational(inner) if label else None
            if label and watts is not None:
                yield label, -abs(watts) if "discharge" in label else watts
            else:
                yield from _targets(inner, depth + 1)


def _rational(value: Any) -> float | None:
    if isinstance(value, dict):
        lower = {str(k).lower(): v for k, v in value.items()}
        mantissa, exponent = _number(lower.get("value")), _number(lower.get("exponent", lower.get("multiplier", 0)))
        if mantissa is None or exponent is None or abs(exponent) > 12:
            return None
        return float(mantissa * 10.0**exponent)
    return _number(value)
