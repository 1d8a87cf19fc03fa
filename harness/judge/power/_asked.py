"""What a CALL of ours asked of the charger: a limit or a setpoint, and what was answered."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from harness.judge.ocpp._clock import moment, skew
from harness.trace import Exchange, OcppMessage, Trace, exchange_of, messages

STATION_WIDE = ("ChargingStationMaxProfile", "ChargingStationExternalConstraints")


@dataclass(frozen=True)
class Asked:
    """What a CALL asked for: `value` in `unit` ("A" per phase or "W" in total), sent at `t_ns`.

    `of_all`: it binds what all EVSEs of the station draw together. `unsure_s`: so much earlier it may have begun, where
    it began by the charger's clock.
    """

    t_ns: int
    value: float
    unit: str
    seq: int
    answer: OcppMessage | None
    of_all: bool = False
    unsure_s: float = 0.0

    @property
    def quantity(self) -> str:
        """The meter quantity it binds."""
        return "i_max_a" if self.unit == "A" else "p_w"

    @property
    def accepted(self) -> bool:
        """Whether the DUT answered Accepted."""
        return self.answer is not None and self.answer.payload.get("status") == "Accepted"


def asked(trace: Trace, seq: int, field: str = "limit", period: int = 0) -> Asked:
    """Read limit or setpoint from a SetChargingProfile, RequestStartTransaction or UpdateDynamicSchedule CALL.

    The first period's value counts from when it was sent; that of a later `period` from when that begins, by the
    charger's clock. Raises ValueError when the frame holds none.
    """
    pair = exchange_of(trace, seq)
    if pair is None or pair.call.direction != "out":
        raise ValueError(f"event {seq} is not a CALL of ours")
    call = pair.call
    if call.action == "UpdateDynamicSchedule":
        values, unit, at_ns = call.payload.get("scheduleUpdate") or {}, _unit_of_profile(trace, call), call.event.t_ns
    else:
        schedule = _schedule(call)
        periods, unit = schedule.get("chargingSchedulePeriod") or [{}], schedule.get("chargingRateUnit", "W")
        values = periods[period] if period < len(periods) else {}
        at_ns = _when_ns(trace, call, _start(schedule), values.get("startPeriod", 0)) if period else call.event.t_ns
    if field not in values:
        raise ValueError(f"event {seq} ({call.action}) holds no {field} in period {period}")
    profile = call.payload.get("chargingProfile") or {}
    of_all = call.payload.get("evseId") == 0 and profile.get("chargingProfilePurpose") in STATION_WIDE
    unsure_s = clock_unsure_s(trace, seq) if period else 0.0
    return Asked(at_ns, float(values[field]), unit, seq, pair.answer, of_all, unsure_s)


def clock_unsure_s(trace: Trace, seq: int) -> float:
    """How well it is known at an event when the charger's clock reaches a moment, in s."""
    clocks = skew(trace, seq)
    return clocks.within_s if clocks is not None else 0.0


def over_ns(trace: Trace, seq: int) -> int:
    """When (t_ns) what SetChargingProfile `seq` sets is over, by the charger's clock: its duration, or its validity.

    Raises ValueError when it has no end.
    """
    call = asked_by(trace, seq).call
    schedule, profile = _schedule(call), call.payload.get("chargingProfile") or {}
    ends = [_when_ns(trace, call, _start(schedule), schedule["duration"])] if "duration" in schedule else []
    if "validTo" in profile:
        ends.append(_when_ns(trace, call, moment(profile["validTo"]), 0))
    if not ends:
        raise ValueError(f"event {seq} ({call.action}) sets what has no end")
    return min(ends)


def _schedule(call: OcppMessage) -> dict[str, Any]:
    schedules = (call.payload.get("chargingProfile") or {}).get("chargingSchedule") or [{}]
    return dict(schedules[0] if isinstance(schedules, list) else schedules)


def _start(schedule: dict[str, Any]) -> datetime.datetime | None:
    return moment(schedule.get("startSchedule"))


def _when_ns(trace: Trace, call: OcppMessage, start: datetime.datetime | None, after_s: float) -> int:
    """When so many seconds after `start` are over at the charger, on the trace's own clock."""
    sent, clocks = moment(call.event.utc), skew(trace, call.seq)
    if start is None or sent is None:
        raise ValueError(f"event {call.seq} ({call.action}) does not say when its schedule starts")
    ahead_s = clocks.ahead_s if clocks is not None else 0.0
    return call.event.t_ns + int(((start - sent).total_seconds() + after_s - ahead_s) * 1e9)


def asked_by(trace: Trace, seq: int) -> Exchange:
    """The CALL of ours that is event `seq`, with its answer. Raises KeyError when that event is none."""
    pair = exchange_of(trace, seq)
    if pair is None or pair.call.direction != "out":
        raise KeyError(seq)
    return pair


def _unit_of_profile(trace: Trace, update: OcppMessage) -> str:
    """The unit of the dynamic profile that an update changes: it names the profile only (OCPP 2.1 K28)."""
    for call in reversed(messages(trace.up_to(update.seq - 1), direction="out")):
        profile = (call.payload.get("chargingProfile") or {}) if call.type == 2 else {}
        if profile and profile.get("id") == update.payload.get("chargingProfileId"):
            return str(profile["chargingSchedule"][0].get("chargingRateUnit", "W"))
    return "W"


def begins_ns(trace: Trace, seq: int) -> int | None:
    """When (t_ns) what SetChargingProfile `seq` sets begins, by the charger's clock; None where it names no moment."""
    call = asked_by(trace, seq).call
    profile = call.payload.get("chargingProfile") or {}
    starts = [s for s in (_start(_schedule(call)), moment(profile.get("validFrom"))) if s is not None]
    return max((_when_ns(trace, call, start, 0) for start in starts), default=None)


def moment_ns(trace: Trace, seq: int, text: object) -> int | None:
    """When (t_ns) a moment that CALL `seq` names comes, by the charger's clock; None where it is no moment."""
    start = moment(text)
    return None if start is None else _when_ns(trace, asked_by(trace, seq).call, start, 0)
