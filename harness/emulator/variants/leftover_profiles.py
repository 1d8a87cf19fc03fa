"""Comes with charging profiles that its operator installed before: 6 A for sessions, 7 A for the station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.ocpp.smart_charging._profiles import parse
from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

SINCE = "2024-01-01T00:00:00.000Z"


def _profile(number: int, purpose: str, level: int, limit_a: float) -> dict[str, Any]:
    schedule = {
        "id": number,
        "startSchedule": SINCE,
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit_a}],
    }
    return {
        "id": number,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [schedule],
    }


def _alter(station: Station) -> None:
    profiles = ocpp_of(station).smart_charging.profiles
    profiles.put(parse(_profile(71, "TxDefaultProfile", 1, 6.0), 1, now=0.0))
    profiles.put(parse(_profile(72, "ChargingStationMaxProfile", 1, 7.0), 0, now=0.0))


VARIANT = Variant(
    name="leftover-profiles",
    title="Comes with its operator's charging profiles",
    what_is_unusual="Two charging profiles from before lie in the charger and limit it below what the cases ask for.",
    why_legal="Profiles for the station and for sessions to come outlive a restart, and a backend may have set some.",
    clauses=("OCPP 2.0.1 K01.FR.27", "OCPP 2.0.1 K09", "OCPP 2.0.1 K10"),
    touches=("SC-04", "PR-15", "SC-09.5", "BI-16"),
    apply=_alter,
)
