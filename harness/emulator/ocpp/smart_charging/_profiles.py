"""Charging profiles as the station understands them: parsed, stored, found again (block K)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from harness.emulator.ocpp._storage import Storage
from harness.emulator.ocpp._times import instant_of
from harness.emulator.ocpp.provisioning._model import Json

EXTERNAL = "ChargingStationExternalConstraints"
STATION_MAX = "ChargingStationMaxProfile"
TX_DEFAULT = "TxDefaultProfile"
TX = "TxProfile"
PRIORITY = "PriorityCharging"
LOCAL_GENERATION = "LocalGeneration"
PERSISTENT = (STATION_MAX, TX_DEFAULT, PRIORITY)
DYNAMIC_FIELDS = ("limit", "dischargeLimit", "setpoint", "setpointReactive")


@dataclass(frozen=True)
class Period:
    """One chargingSchedulePeriod; numbers are in the schedule's unit, discharge_limit and export setpoints negative."""

    start_s: float
    limit: float | None
    discharge_limit: float | None
    setpoint: float | None
    phases: int | None
    mode: str
    baseline_w: float | None = None
    freq_watt: tuple[tuple[float, float], ...] = ()
    signal_watt: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Schedule:
    """One chargingSchedule; instants are seconds since 1970."""

    id: int
    unit: str
    periods: tuple[Period, ...]
    start: float | None = None
    duration_s: float | None = None
    soc_cap: tuple[float, float] | None = None


@dataclass(frozen=True)
class Profile:
    """One charging profile on EVSE 0 (the grid connection) or another; `raw` is what ReportChargingProfiles repeats."""

    id: int
    evse: int
    stack_level: int
    purpose: str
    kind: str
    schedules: tuple[Schedule, ...]
    raw: Json
    recurrency_s: float = 0.0
    valid_from: float | None = None
    valid_to: float | None = None
    transaction_id: str | None = None
    max_offline_s: float | None = None
    invalid_after_offline: bool = False
    updated_at: float | None = None
    pull_s: float = 0.0
    source: str = "CSO"


def parse(raw: Json, evse: int, *, now: float, source: str = "CSO") -> Profile:
    """A ChargingProfileType that passed the checks. `now` stamps a Dynamic profile (K28.FR.05)."""
    dynamic = raw["chargingProfileKind"] == "Dynamic"
    updated = raw.get("dynUpdateTime")
    return Profile(
        id=raw["id"],
        evse=evse,
        stack_level=raw["stackLevel"],
        purpose=raw["chargingProfilePurpose"],
        kind=raw["chargingProfileKind"],
        schedules=tuple(_schedule(s) for s in raw["chargingSchedule"]),
        raw=raw,
        recurrency_s={"Daily": 86400.0, "Weekly": 604800.0}.get(raw.get("recurrencyKind", ""), 0.0),
        valid_from=_instant(raw.get("validFrom")),
        valid_to=_instant(raw.get("validTo")),
        transaction_id=raw.get("transactionId"),
        max_offline_s=raw.get("maxOfflineDuration"),
        invalid_after_offline=bool(raw.get("invalidAfterOfflineDuration", False)),
        updated_at=(_instant(updated) or now) if dynamic else None,
        pull_s=float(raw.get("dynUpdateInterval", 0)),
        source=source,
    )


def with_update(profile: Profile, update: Json, *, now: float, now_text: str) -> Profile:
    """A Dynamic profile after UpdateDynamicSchedule: new numbers, new dynUpdateTime (K28.FR.06, .09)."""
    schedule = profile.raw["chargingSchedule"][0]
    period = {**schedule["chargingSchedulePeriod"][0], **update}
    raw = {
        **profile.raw,
        "dynUpdateTime": now_text,
        "chargingSchedule": [{**schedule, "chargingSchedulePeriod": [period]}],
    }
    fresh = parse(raw, profile.evse, now=now, source=profile.source)
    return replace(fresh, updated_at=now)


def fits(profile: Profile, wanted: Json) -> bool:
    """Whether a profile meets the criteria of a Get or Clear request; what is not asked for fits."""
    return (
        profile.id in wanted.get("chargingProfileId", [profile.id])
        and wanted.get("stackLevel", profile.stack_level) == profile.stack_level
        and wanted.get("chargingProfilePurpose", profile.purpose) == profile.purpose
        and profile.source in wanted.get("chargingLimitSource", [profile.source])
    )


class Profiles:
    """The installed profiles; those that must survive a reboot are stored (K01.FR.27)."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        stored = storage.load("profiles", [])
        self._all: dict[int, Profile] = {e["raw"]["id"]: parse(e["raw"], e["evse"], now=0.0) for e in stored}

    def __iter__(self) -> Iterator[Profile]:
        return iter(list(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def get(self, profile_id: int) -> Profile | None:
        return self._all.get(profile_id)

    def put(self, profile: Profile) -> None:
        """Install, replacing one with the same id (K01.FR.05)."""
        self._all[profile.id] = profile
        self._save()

    def remove(self, profiles: Iterable[Profile]) -> None:
        for each in profiles:
            self._all.pop(each.id, None)
        self._save()

    def reboot(self) -> None:
        """Volatile purposes do not survive."""
        self.remove([p for p in self if p.purpose not in PERSISTENT])

    def _save(self) -> None:
        kept = [{"evse": p.evse, "raw": p.raw} for p in self._all.values() if p.purpose in PERSISTENT]
        self._storage.save("profiles", kept)


def _schedule(raw: Json) -> Schedule:
    cap = raw.get("limitAtSoC")
    return Schedule(
        raw["id"],
        raw["chargingRateUnit"],
        tuple(_period(p) for p in raw["chargingSchedulePeriod"]),
        _instant(raw.get("startSchedule")),
        raw.get("duration"),
        (float(cap["soc"]), float(cap["limit"])) if cap else None,
    )


def _period(raw: Json) -> Period:
    return Period(
        float(raw["startPeriod"]),
        raw.get("limit"),
        raw.get("dischargeLimit"),
        raw.get("setpoint"),
        raw.get("numberPhases"),
        raw.get("operationMode", "ChargingOnly"),
        raw.get("v2xBaseline"),
        tuple((p["frequency"], p["power"]) for p in raw.get("v2xFreqWattCurve", ())),
        tuple((p["signal"], p["power"]) for p in raw.get("v2xSignalWattCurve", ())),
    )


def _instant(text: str | None) -> float | None:
    return None if text is None else instant_of(text)
