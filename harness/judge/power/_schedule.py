"""What charging profiles together allow at a moment, calculated by ourselves from OCPP's rules."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from harness.judge.ocpp._clock import moment
from harness.judge.power._profiles import Profile, Standing
from requirement_catalog import own_count

_RECURS_S = {"Daily": 86400, "Weekly": 604800}
_SESSION = ("TxProfile", "TxDefaultProfile", "PriorityCharging")
_OPEN_FIELDS = ("randomizedDelay", "useLocalTime", "limitAtSoC")
DEFAULT_PHASES = own_count("composite.phases")


@dataclass(frozen=True)
class Conditions:
    """What the calculation needs besides the profiles: phases and voltage of the EVSE, and when the schedule began."""

    phases: int
    nominal_v: float
    begin: datetime.datetime


def left_open(standing: Standing) -> str | None:
    """Why OCPP or the trace leaves the calculation open; None when it does not."""
    if standing.unknown is not None:
        return standing.unknown
    for profile in standing.profiles:
        schedule = profile.schedule
        used = [name for name in _OPEN_FIELDS if schedule.get(name)]
        periods = schedule.get("chargingSchedulePeriod") or [{}]
        if used:
            return f"a profile uses {', '.join(used)}, which depends on more than the profiles"
        if any("limit" not in p for p in periods):
            return "a profile sets no limit but a setpoint or another mode of operation"
        kind = profile.body.get("chargingProfileKind")
        simple = len(periods) == 1 and "duration" not in schedule
        if kind in ("Relative", "Dynamic") and not simple and standing.active:
            return f"a {str(kind).lower()} profile counts from a moment that OCPP leaves to the charger (K01.FR.42)"
        if len(profile.body.get("chargingSchedule") or []) > 1:
            return "a profile offers several schedules, of which the car chooses one"
    return None


def allowed_a(standing: Standing, at: datetime.datetime, how: Conditions) -> float | None:
    """The limit in A per phase: the highest level of a purpose (K01.FR.17), TxProfile over the default (K02.FR.04).

    Over both a priority profile that was switched on; then the lowest of the purposes (K08.FR.04), and local generation
    on top of it (OCPP 2.1). None when nothing limits then.
    """
    slots: dict[str, tuple[int, int, float]] = {}
    for profile in standing.profiles:
        if profile.purpose == "PriorityCharging" and not standing.priority:
            continue
        value = value_a(profile, at, how)
        if value is None:
            continue
        slot = "session" if profile.purpose in _SESSION else profile.purpose
        over = {"PriorityCharging": 2, "TxProfile": 1}.get(profile.purpose, 0)
        if slot not in slots or (over, profile.level) > slots[slot][:2]:
            slots[slot] = (over, profile.level, value)
    generated = slots.pop("LocalGeneration", (0, 0, 0.0))[2]
    lowest = min((value for _, _, value in slots.values()), default=None)
    return None if lowest is None else lowest + generated


def value_a(profile: Profile, at: datetime.datetime, how: Conditions) -> float | None:
    """One profile's limit at a moment; None when it is not valid, not begun, or over."""
    valid_from, valid_to = moment(profile.body.get("validFrom")), moment(profile.body.get("validTo"))
    if (valid_from is not None and at < valid_from) or (valid_to is not None and at >= valid_to):
        return None  # K01.FR.36, K01.FR.37
    schedule = profile.schedule
    offset_s = _offset_s(profile, schedule, at, how.begin)
    if offset_s is None or offset_s < 0 or ("duration" in schedule and offset_s >= schedule["duration"]):
        return None  # K01.FR.30, K01.FR.12
    return limit_of(schedule, offset_s, how)


def _offset_s(
    profile: Profile, schedule: dict[str, Any], at: datetime.datetime, begin: datetime.datetime
) -> float | None:
    kind, start = profile.body.get("chargingProfileKind"), moment(schedule.get("startSchedule"))
    if kind in ("Relative", "Dynamic"):
        return (at - begin).total_seconds() if at >= begin else 0.0  # K08.FR.06: as if a transaction began now
    if start is None:
        return None
    offset_s = (at - start).total_seconds()
    period_s = _RECURS_S.get(str(profile.body.get("recurrencyKind")))
    return offset_s % period_s if kind == "Recurring" and period_s and offset_s >= 0 else offset_s


def limit_of(schedule: dict[str, Any], offset_s: float, how: Conditions) -> float | None:
    """The limit that a schedule states so many seconds after its start, in A per phase; of unequal phases the highest.

    W are those of all phases together, unless L2 and L3 have a value of their own (2.1 Part 2, ChargingSchedulePeriod).
    """
    periods = [p for p in schedule.get("chargingSchedulePeriod") or [] if p.get("startPeriod", 0) <= offset_s]
    if not periods or "limit" not in periods[-1]:
        return None
    value = float(periods[-1]["limit"])
    others = [float(v) for k in ("limit_L2", "limit_L3") if (v := periods[-1].get(k)) is not None]
    if schedule.get("chargingRateUnit") != "W":
        return max(value, *others) if others else value
    if others:
        return max(value, *others) / how.nominal_v
    return value / (how.nominal_v * min(int(periods[-1].get("numberPhases", how.phases)), how.phases))
