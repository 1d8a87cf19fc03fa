"""What a CALL of ours asked of the charger: a limit or a setpoint, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from harness.trace import Exchange, OcppMessage, Trace, exchange_of, messages

STATION_WIDE = ("ChargingStationMaxProfile", "ChargingStationExternalConstraints")


@dataclass(frozen=True)
class Asked:
    """What a CALL asked for: `value` in `unit` ("A" per phase or "W" in total), sent at `t_ns`.

    `of_all`: it binds what all EVSEs of the station draw together.
    """

    t_ns: int
    value: float
    unit: str
    seq: int
    answer: OcppMessage | None
    of_all: bool = False

    @property
    def quantity(self) -> str:
        """The meter quantity it binds."""
        return "i_max_a" if self.unit == "A" else "p_w"

    @property
    def accepted(self) -> bool:
        """Whether the DUT answered Accepted."""
        return self.answer is not None and self.answer.payload.get("status") == "Accepted"


def asked(trace: Trace, seq: int, field: str = "limit") -> Asked:
    """Read limit or setpoint from a SetChargingProfile, RequestStartTransaction or UpdateDynamicSchedule CALL.

    The first period's value counts. Raises ValueError when the frame holds none.
    """
    pair = exchange_of(trace, seq)
    if pair is None or pair.call.direction != "out":
        raise ValueError(f"event {seq} is not a CALL of ours")
    call = pair.call
    if call.action == "UpdateDynamicSchedule":
        period, unit = call.payload.get("scheduleUpdate") or {}, _unit_of_profile(trace, call)
    else:
        schedules = (call.payload.get("chargingProfile") or {}).get("chargingSchedule") or [{}]
        schedule = schedules[0] if isinstance(schedules, list) else schedules
        period, unit = (schedule.get("chargingSchedulePeriod") or [{}])[0], schedule.get("chargingRateUnit", "W")
    if field not in period:
        raise ValueError(f"event {seq} ({call.action}) holds no {field}")
    profile = call.payload.get("chargingProfile") or {}
    of_all = call.payload.get("evseId") == 0 and profile.get("chargingProfilePurpose") in STATION_WIDE
    return Asked(call.event.t_ns, float(period[field]), unit, seq, pair.answer, of_all)


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
