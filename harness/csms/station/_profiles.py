"""Charging profiles as OCPP 2.0.1 and 2.1 write them, made from field words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from harness.csms._schemas import V21
from harness.csms.station._quantity import number, quantity

Period = Mapping[str, Any] | tuple[int, str | float]
_STARTED_BEFORE_S = 60  # an absolute schedule starts in the past, so that a clock slightly behind does not delay it
STATION_WIDE = ("ChargingStationMaxProfile", "ChargingStationExternalConstraints")


@dataclass(frozen=True, kw_only=True)
class ProfileWish:
    """What a case wants of a profile. Exactly one of `current`, `power`, `setpoint`, `periods` says how much.

    Values are "10 A", "-5 kW"; a period is (start in s, value) with bare numbers in `unit` ("A"), or a
    ChargingSchedulePeriodType with OCPP's own names.
    `setpoint`, `discharge_limit` and `operation_mode` need OCPP 2.1; a setpoint's mode is CentralSetpoint if not said.
    """

    current: str | None = None
    power: str | None = None
    setpoint: str | None = None
    periods: Sequence[Period] | None = None
    discharge_limit: str | None = None
    operation_mode: str | None = None
    number_phases: int | None = None
    phase_to_use: int | None = None
    purpose: str = "TxDefaultProfile"
    stack_level: int = 0
    kind: str = "Absolute"
    recurrency: str | None = None
    transaction_id: str | None = None
    start: str | None = None
    duration_s: int | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    unit: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    more_schedule: Mapping[str, Any] = field(default_factory=dict)
    more_period: Mapping[str, Any] = field(default_factory=dict)


def profile_payload(wish: ProfileWish, profile_id: int, version: str | None, now: str) -> dict[str, Any]:
    """A ChargingProfileType. `now` is the CSMS's time, ISO 8601.

    Raises ValueError when the wish contradicts itself or asks 2.0.1 for what only 2.1 can say.
    """
    periods, unit = _periods(wish, version)
    schedule: dict[str, Any] = {"id": profile_id, "chargingRateUnit": unit, "chargingSchedulePeriod": periods}
    if wish.start is not None:
        schedule["startSchedule"] = wish.start
    elif wish.kind in ("Absolute", "Recurring"):
        schedule["startSchedule"] = _earlier(now, _STARTED_BEFORE_S)
    if wish.duration_s is not None:
        schedule["duration"] = wish.duration_s
    schedule.update(wish.more_schedule)
    profile: dict[str, Any] = {
        "id": profile_id,
        "stackLevel": wish.stack_level,
        "chargingProfilePurpose": wish.purpose,
        "chargingProfileKind": wish.kind,
        "chargingSchedule": [schedule],
    }
    optional = {
        "recurrencyKind": wish.recurrency or ("Daily" if wish.kind == "Recurring" else None),
        "transactionId": wish.transaction_id,
        "validFrom": wish.valid_from,
        "validTo": wish.valid_to,
    }
    profile.update({name: value for name, value in optional.items() if value is not None})
    profile.update(wish.more)
    return profile


def dynamic_update(values: Mapping[str, str | float | None]) -> dict[str, Any]:
    """A ChargingScheduleUpdateType (2.1) from values like {"setpoint": "-5 kW"}; None leaves a field out."""
    return {k: number(quantity(v)[0] if isinstance(v, str) else v) for k, v in values.items() if v is not None}


def _periods(wish: ProfileWish, version: str | None) -> tuple[list[dict[str, Any]], str]:
    said = [name for name in ("current", "power", "setpoint", "periods") if getattr(wish, name) is not None]
    if len(said) != 1:
        told = " and ".join(said) or "nothing"
        raise ValueError(f"a charging profile needs exactly one of current, power, setpoint or periods; given: {told}")
    if version != V21 and (wish.setpoint or wish.discharge_limit or wish.operation_mode or wish.kind == "Dynamic"):
        raise ValueError(
            f"setpoints, discharge limits, operation modes and dynamic profiles need ocpp2.1, not {version}"
        )
    if wish.periods is not None:
        return _listed_periods(wish)
    text = wish.current or wish.power or wish.setpoint or ""
    value, unit = quantity(text)
    if (wish.current and unit != "A") or (wish.power and unit != "W"):
        raise ValueError(f"{text!r} does not fit: a current is in A, a power in W or kW")
    period: dict[str, Any] = {"startPeriod": 0}
    if wish.setpoint is not None:
        period["setpoint"] = number(value)
        period["operationMode"] = wish.operation_mode or "CentralSetpoint"
    else:
        period["limit"] = number(value)
    period.update(_refinements(wish, unit))
    return [period], unit


def _listed_periods(wish: ProfileWish) -> tuple[list[dict[str, Any]], str]:
    units: set[str] = {wish.unit} if wish.unit else set()
    periods: list[dict[str, Any]] = []
    for each in wish.periods or ():
        if isinstance(each, Mapping):
            periods.append(dict(each))
            continue
        start_s, much = each
        value, unit = quantity(much) if isinstance(much, str) else (much, wish.unit or "A")
        units.add(unit)
        periods.append({"startPeriod": start_s, "limit": number(value), **_refinements(wish, unit)})
    if len(units) != 1:
        raise ValueError(f"a schedule has one unit, A or W; given: {', '.join(sorted(units)) or 'none'}")
    return periods, units.pop()


def _refinements(wish: ProfileWish, unit: str) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if wish.operation_mode is not None:
        more["operationMode"] = wish.operation_mode
    if wish.discharge_limit is not None:
        value, its_unit = quantity(wish.discharge_limit)
        if its_unit != unit:
            raise ValueError(f"discharge limit {wish.discharge_limit!r} is not in {unit} as the rest of the schedule")
        more["dischargeLimit"] = number(value)
    if wish.number_phases is not None:
        more["numberPhases"] = wish.number_phases
    if wish.phase_to_use is not None:
        more["phaseToUse"] = wish.phase_to_use
    return {**more, **wish.more_period}


def _earlier(now: str, seconds: int) -> str:
    moment = datetime.fromisoformat(now.replace("Z", "+00:00")) - timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
