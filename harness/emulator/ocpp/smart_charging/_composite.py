"""Composite schedule: from installed profiles to what may flow when; pure, no clock (K 3.5, 3.6, K08, Q 2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from harness.emulator.ocpp.smart_charging._profiles import (
    EXTERNAL,
    LOCAL_GENERATION,
    PRIORITY,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    Period,
    Profile,
    Schedule,
)


@dataclass(frozen=True)
class Hardware:
    """What the EVSE can do at most, and the voltage by which amperes and watts convert (K01.FR.50)."""

    max_a: float
    charge_w: float
    discharge_w: float
    phases: int = 3
    volt: float = 230.0


@dataclass(frozen=True)
class Situation:
    """What the calculation must know besides the profiles; instants are seconds since 1970.

    `transaction_id` and `ready_at` (the power path closed) belong to the running transaction. Without one the schedule
    is that of a transaction beginning at `ready_at` (K08.FR.06). `schedule_id`: what a car chose by ISO 15118.
    `sharers`: so many EVSEs share alike what the whole station may draw.
    """

    ready_at: float
    transaction_id: str | None = None
    priority: bool = False
    offline_s: float | None = None
    soc_pct: float | None = None
    freq_hz: float = 50.0
    signal: float = 0.0
    external_setpoint_first: bool = True
    schedule_id: int | None = None
    sharers: int = 1


@dataclass(frozen=True)
class Flow:
    """What may flow at one instant: charge_w and discharge_w >= 0, setpoint_w signed (+ to the car)."""

    charge_w: float
    discharge_w: float
    per_phase_a: float
    phases: int
    setpoint_w: float | None = None
    mode: str = "ChargingOnly"


@dataclass(frozen=True)
class Step:
    """One period of the composite schedule, `start_s` seconds after its beginning."""

    start_s: float
    flow: Flow


Found = tuple[Profile, Schedule, Period]


def period_at(profile: Profile, t: float, now: Situation) -> Found | None:
    """The period of `profile` that is in force at `t`, or None when it has nothing to say then."""
    if (profile.valid_from is not None and t < profile.valid_from) or (
        profile.valid_to is not None and t >= profile.valid_to
    ):
        return None
    if profile.purpose == TX and profile.transaction_id != now.transaction_id:
        return None
    if profile.max_offline_s is not None and now.offline_s is not None and now.offline_s > profile.max_offline_s:
        return None
    chosen = [s for s in profile.schedules if s.id == now.schedule_id] or profile.schedules[:1]
    schedule = chosen[0]
    began = _began(profile, schedule, t, now)
    if began is None or t < began:
        return None
    elapsed = t - began
    if schedule.duration_s is not None and elapsed >= schedule.duration_s:
        return None
    current = [p for p in schedule.periods if p.start_s <= elapsed]
    return (profile, schedule, current[-1]) if current else None


def leading(profiles: Iterable[Profile], purpose: str, t: float, now: Situation) -> Found | None:
    """Of one purpose the highest stack level that has a period at `t` (3.5)."""
    found = [f for p in profiles if p.purpose == purpose and (f := period_at(p, t, now)) is not None]
    return max(found, key=lambda f: f[0].stack_level, default=None)


def transaction_slot(profiles: Sequence[Profile], t: float, now: Situation) -> Found | None:
    """What speaks for the transaction: PriorityCharging, else TxProfile, else TxDefaultProfile (3.6)."""
    if now.priority:
        found = leading(profiles, PRIORITY, t, now)
        if found is not None:
            return found
    return leading(profiles, TX, t, now) or leading(profiles, TX_DEFAULT, t, now)


def flow_at(profiles: Sequence[Profile], t: float, now: Situation, hardware: Hardware) -> Flow:
    """The lowest of the leading limits across purposes, LocalGeneration added on top, never beyond the hardware."""
    slot = transaction_slot(profiles, t, now)
    outer = [f for p in (STATION_MAX, EXTERNAL) if (f := leading(profiles, p, t, now)) is not None]
    mode = _mode(slot, outer)
    sources = [*([slot] if slot else []), *outer]
    phases = min([hardware.phases, *(p.phases for _, _, p in sources if p.phases)])
    charge_w, discharge_w, amps = _unbounded(hardware), hardware.discharge_w, float("inf")
    for profile, schedule, period in sources:
        limit = _capped(period.limit, schedule, now)
        share = now.sharers if profile.purpose in (STATION_MAX, EXTERNAL) else 1
        if limit is not None:
            limit /= share
            if schedule.unit == "A":
                amps = min(amps, limit)
            else:
                charge_w = min(charge_w, limit)
        if period.discharge_limit is not None:
            discharge_w = min(discharge_w, -_watts(period.discharge_limit, schedule, phases, hardware) / share)
        if profile is (slot[0] if slot else None) and period.mode == "Idle":
            charge_w = discharge_w = amps = 0.0
    if mode == "ChargingOnly":
        discharge_w = 0.0
    charge_w = min(charge_w, amps * hardware.volt * phases)
    extra = leading(profiles, LOCAL_GENERATION, t, now)
    if extra is not None and extra[2].limit is not None and mode != "Idle":
        charge_w += _watts(extra[2].limit, extra[1], phases, hardware)
    charge_w = min(charge_w, hardware.charge_w, hardware.max_a * hardware.volt * phases)
    setpoint_w = _setpoint(slot, outer, phases, hardware, now)
    if setpoint_w is not None:
        setpoint_w = max(-discharge_w, min(setpoint_w, charge_w))
    per_phase_a = min(hardware.max_a, charge_w / (hardware.volt * phases))
    return Flow(charge_w, discharge_w, per_phase_a, phases, setpoint_w, mode)


def borders(profiles: Iterable[Profile], start: float, end: float, now: Situation) -> list[float]:
    """Every instant in [start, end) at which some profile's answer can change; `start` is always the first."""
    at = {start}
    for profile in profiles:
        candidates = [profile.valid_from, profile.valid_to]
        for schedule in profile.schedules:
            began = _began(profile, schedule, start, now)
            if began is None:
                continue
            edges = [p.start_s for p in schedule.periods]
            if schedule.duration_s is not None:
                edges.append(schedule.duration_s)
            turn = began
            while turn < end:
                candidates += [turn + e for e in edges if not profile.recurrency_s or e <= profile.recurrency_s]
                if not profile.recurrency_s:
                    break
                turn += profile.recurrency_s
        at |= {c for c in candidates if c is not None and start < c < end}
    return sorted(at)


def composite(
    profiles: Sequence[Profile], start: float, duration_s: float, now: Situation, hardware: Hardware
) -> list[Step]:
    """The composite schedule from `start` on; neighbours that allow the same are one step."""
    steps: list[Step] = []
    for at in borders(profiles, start, start + duration_s, now):
        flow = flow_at(profiles, at, now, hardware)
        if not steps or steps[-1].flow != flow:
            steps.append(Step(at - start, flow))
    return steps


def together(flows: Sequence[Flow]) -> Flow:
    """What flows at one instant at several EVSEs add up to; a setpoint of one of them is none of the station's."""
    sums = (sum(f.charge_w for f in flows), sum(f.discharge_w for f in flows), sum(f.per_phase_a for f in flows))
    return Flow(*sums, phases=max(f.phases for f in flows))


def curve(points: Sequence[tuple[float, float]], x: float) -> float:
    """Linear interpolation; beyond the ends the end value holds."""
    ordered = sorted(points)
    if x <= ordered[0][0]:
        return ordered[0][1]
    for (x0, y0), (x1, y1) in pairwise(ordered):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0) if x1 > x0 else y1
    return ordered[-1][1]


def as_of(now: Situation, **changes: object) -> Situation:
    """The same situation with something changed."""
    return replace(now, **changes)  # type: ignore[arg-type]


def _began(profile: Profile, schedule: Schedule, t: float, now: Situation) -> float | None:
    """When the schedule's second 0 was: for a recurring one the turn that `t` lies in, or its first one."""
    if profile.kind == "Relative":
        return now.ready_at
    if profile.kind == "Dynamic":
        # K28.FR.13: the duration counts from the last update; an own startSchedule in the future still holds it back
        updated = profile.updated_at if profile.updated_at is not None else t
        return max(updated, schedule.start) if schedule.start is not None else updated
    if schedule.start is None:
        return None
    if profile.kind == "Recurring" and profile.recurrency_s and t > schedule.start:
        return schedule.start + (t - schedule.start) // profile.recurrency_s * profile.recurrency_s
    return schedule.start


def _mode(slot: Found | None, outer: list[Found]) -> str:
    if slot is not None:
        return slot[2].mode
    # Q06: without a CSMS profile an external system may discharge too, when it says how far
    for _, _, period in outer:
        if period.mode != "ChargingOnly" and (period.discharge_limit is not None or (period.setpoint or 0.0) < 0):
            return period.mode
    return "ChargingOnly"


def _setpoint(slot: Found | None, outer: list[Found], phases: int, hardware: Hardware, now: Situation) -> float | None:
    external = next((f for f in outer if f[0].purpose == EXTERNAL and f[2].mode == "ExternalSetpoint"), None)
    if external is not None and external[2].setpoint is not None and (now.external_setpoint_first or slot is None):
        return _watts(external[2].setpoint, external[1], phases, hardware)
    if slot is None:
        return None
    _, schedule, period = slot
    if period.mode == "Idle":
        return 0.0
    if period.mode == "LocalFrequency" and len(period.freq_watt) > 1:
        wanted = (period.baseline_w or 0.0) + curve(period.freq_watt, now.freq_hz)
        return wanted + (curve(period.signal_watt, now.signal) if period.signal_watt else 0.0)
    if period.mode in ("CentralSetpoint", "CentralFrequency", "ExternalSetpoint") and period.setpoint is not None:
        cap = schedule.soc_cap
        above = cap is not None and now.soc_pct is not None and now.soc_pct >= cap[0]
        wanted = min(period.setpoint, cap[1]) if cap is not None and above else period.setpoint
        return _watts(wanted, schedule, phases, hardware)
    return None


def _capped(limit: float | None, schedule: Schedule, now: Situation) -> float | None:
    cap = schedule.soc_cap
    if cap is None or now.soc_pct is None or now.soc_pct < cap[0]:
        return limit
    return cap[1] if limit is None else min(limit, cap[1])


def _watts(value: float, schedule: Schedule, phases: int, hardware: Hardware) -> float:
    return value * hardware.volt * phases if schedule.unit == "A" else value


def _unbounded(hardware: Hardware) -> float:
    return max(hardware.charge_w, hardware.max_a * hardware.volt * hardware.phases)
