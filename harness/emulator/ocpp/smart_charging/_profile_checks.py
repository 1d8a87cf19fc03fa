"""Whether a charging profile may be installed, and the reason code when not (K01, K28, Q and the 2025-09 errata)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from harness.emulator.ocpp._times import instant_of
from harness.emulator.ocpp.provisioning._model import DeviceModel, Json
from harness.emulator.ocpp.smart_charging._profiles import (
    EXTERNAL,
    LOCAL_GENERATION,
    PRIORITY,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    Profile,
)

_NUMBERS = ("limit", "dischargeLimit", "setpoint", "setpointReactive")
_PHASED = tuple(f"{n}_{p}" for n in _NUMBERS for p in ("L2", "L3"))
_ALLOWED_MODES = {
    PRIORITY: ("ChargingOnly",),
    STATION_MAX: ("ChargingOnly",),
    LOCAL_GENERATION: ("ChargingOnly", "ExternalLimits"),
}
_BARE_MODES = ("Idle", "LocalFrequency", "LocalLoadBalancing")


@dataclass(frozen=True)
class Context:
    """What the checks look at besides the profile."""

    model: DeviceModel
    installed: tuple[Profile, ...]
    transaction_id: str | None
    dc: bool = False
    phases: int = 3
    evses: tuple[int, ...] = (1,)


def fault(raw: Json, evse: int, context: Context, *, for_start: bool = False) -> str | None:
    """The reason code to reject with, or None. `for_start`: it came with a RequestStartTransaction (F01.FR.09)."""
    if not context.model.flag("SmartChargingCtrlr", "Enabled"):
        return "NotEnabled"
    if evse not in (0, *context.evses):
        return "UnknownEvse"
    return (
        _purpose_fault(raw, evse, context, for_start)
        or _kind_fault(raw, context.model)
        or _clash(raw, evse, context.installed)
        or _schedules_fault(raw, context)
    )


def _purpose_fault(raw: Json, evse: int, context: Context, for_start: bool) -> str | None:
    purpose, model = raw["chargingProfilePurpose"], context.model
    if for_start and (purpose != TX or "transactionId" in raw):
        return "InvalidProfile"
    if purpose == EXTERNAL:
        return "InvalidProfile"
    if purpose in (PRIORITY, LOCAL_GENERATION) and purpose not in model.members(
        "SmartChargingCtrlr", "SupportedAdditionalPurposes"
    ):
        return "UnsupportedPurpose"
    if purpose == TX and not for_start:
        if evse == 0:
            return "InvalidProfile"
        if context.transaction_id is None or raw.get("transactionId") != context.transaction_id:
            return "TxNotFound" if "transactionId" in raw or context.transaction_id is None else "MissingParam"
    if purpose == STATION_MAX and (evse != 0 or raw["chargingProfileKind"] == "Relative"):
        return "InvalidProfile"
    if raw["stackLevel"] > model.integer("SmartChargingCtrlr", "ProfileStackLevel"):
        return "InvalidStackLevel"
    existing = next((p for p in context.installed if p.id == raw["id"]), None)
    if existing is not None and existing.purpose == EXTERNAL:
        return "InvalidProfileId"
    most = model.find("SmartChargingCtrlr", "Entries", "ChargingProfiles")
    if existing is None and most is not None and most.high is not None and len(context.installed) >= most.high:
        return "TooManyElements"
    return None


def _kind_fault(raw: Json, model: DeviceModel) -> str | None:
    kind, schedules = raw["chargingProfileKind"], raw["chargingSchedule"]
    if kind == "Dynamic":
        if not model.flag("SmartChargingCtrlr", "SupportsDynamicProfiles"):
            return "UnsupportedKind"
        periods = schedules[0]["chargingSchedulePeriod"]
        if len(schedules) != 1 or len(periods) != 1 or periods[0]["startPeriod"] != 0:
            return "InvalidSchedule"
    elif "dynUpdateInterval" in raw or "dynUpdateTime" in raw:
        return "InvalidProfile"
    if (kind == "Recurring") != ("recurrencyKind" in raw):
        return "InvalidProfile"
    for schedule in schedules:
        if kind in ("Absolute", "Recurring") and "startSchedule" not in schedule:
            return "InvalidSchedule"
        if kind == "Relative" and "startSchedule" in schedule:
            return "InvalidSchedule"
    try:
        if "validFrom" in raw and "validTo" in raw and instant_of(raw["validFrom"]) >= instant_of(raw["validTo"]):
            return "InvalidProfile"
        for schedule in schedules:
            instant_of(schedule.get("startSchedule", "2000-01-01T00:00:00Z"))
    except ValueError:
        return "InvalidSchedule"
    return None


def _clash(raw: Json, evse: int, installed: Iterable[Profile]) -> str | None:
    purpose = raw["chargingProfilePurpose"]
    for other in installed:
        if other.id == raw["id"] or other.purpose != purpose or other.stack_level != raw["stackLevel"]:
            continue
        if purpose == TX:
            if other.transaction_id == raw.get("transactionId"):
                return "DuplicateProfile"
        elif purpose == TX_DEFAULT and other.evse != evse and 0 in (other.evse, evse):
            # K01.FR.52 and .53: what holds for EVSE 0 holds for every EVSE, whenever it is valid
            return "DuplicateProfile"
        elif other.evse == evse and _overlap(raw, other):
            return "DuplicateProfile"
    return None


def _overlap(raw: Json, other: Profile) -> bool:
    begin = instant_of(raw["validFrom"]) if "validFrom" in raw else float("-inf")
    end = instant_of(raw["validTo"]) if "validTo" in raw else float("inf")
    return begin < (other.valid_to or float("inf")) and (other.valid_from or float("-inf")) < end


def _schedules_fault(raw: Json, context: Context) -> str | None:
    model, purpose = context.model, raw["chargingProfilePurpose"]
    most = model.integer("SmartChargingCtrlr", "PeriodsPerSchedule")
    for schedule in raw["chargingSchedule"]:
        periods = schedule["chargingSchedulePeriod"]
        if schedule["chargingRateUnit"] not in model.members("SmartChargingCtrlr", "RateUnit"):
            return "UnsupportedRateUnit"
        if len(periods) > most:
            return "TooManyElements"
        starts = [p["startPeriod"] for p in periods]
        if starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):
            return "InvalidSchedule"
        if schedule.get("duration", 1) <= 0:
            return "InvalidSchedule"
        if purpose == PRIORITY and "duration" in schedule:
            return "InvalidSchedule"
        if schedule.get("useLocalTime") and not model.flag("SmartChargingCtrlr", "SupportsUseLocalTime"):
            return "InvalidSchedule"
        if schedule.get("randomizedDelay", 0) > 0 and not model.flag("SmartChargingCtrlr", "SupportsRandomizedDelay"):
            return "InvalidSchedule"
        if "limitAtSoC" in schedule and not model.flag("SmartChargingCtrlr", "SupportsLimitAtSoC"):
            return "InvalidSchedule"
        for period in periods:
            wrong = _period_fault(period, purpose, schedule["chargingRateUnit"], context)
            if wrong:
                return wrong
    return None


def _period_fault(p: Json, purpose: str, unit: str, context: Context) -> str | None:
    mode = p.get("operationMode", "ChargingOnly")
    if mode not in _ALLOWED_MODES.get(purpose, (mode,)):
        # K01.FR.71 names its own reason for priority charging
        return "InvalidSchedule" if purpose == PRIORITY else "InvalidOperationMode"
    if mode != "ChargingOnly":
        on = context.model.flag("V2XChargingCtrlr", "Enabled")
        if not on or mode not in context.model.members("V2XChargingCtrlr", "SupportedOperationModes"):
            return "InvalidOperationMode"
    if p.get("evseSleep") and not context.model.flag("SmartChargingCtrlr", "SupportsEvseSleep"):
        return "InvalidSchedule"
    return _numbers_fault(p, mode, unit) or _phases_fault(p, context)


def _numbers_fault(p: Json, mode: str, unit: str) -> str | None:
    has = [n for n in _NUMBERS if n in p]
    if any(n in p for n in _PHASED):
        return "PhaseConflict"
    if mode == "LocalFrequency":
        if len(p.get("v2xFreqWattCurve", ())) < 2 or "v2xBaseline" not in p:
            return "NoFreqWattCurve"
        if unit != "W":
            return "InvalidSchedule"
    if mode in _BARE_MODES:
        return "InvalidSchedule" if has else None
    if p.get("limit", 0) < 0 or p.get("dischargeLimit", 0) > 0:
        return "InvalidSchedule"
    if mode == "ChargingOnly" and ("limit" not in p or len(has) > 1):
        return "InvalidSchedule"
    if mode in ("CentralSetpoint", "CentralFrequency"):
        if "setpoint" not in p or "setpointReactive" in p:
            return "InvalidSchedule"
        low, high = p.get("dischargeLimit", float("-inf")), p.get("limit", float("inf"))
        if not low <= p["setpoint"] <= high:
            return "InvalidSchedule"
    return None


def _phases_fault(p: Json, context: Context) -> str | None:
    phases, use = p.get("numberPhases"), p.get("phaseToUse")
    if context.dc and (phases is not None or use is not None):
        return "NoPhaseForDC"
    if phases is not None and phases not in (1, 3):
        return "InvalidSchedule"
    # this EVSE always charges one-phase cars on L1 and cannot switch phases on load
    if use is not None and (phases != 1 or use != 1):
        return "InvalidSchedule"
    return None
