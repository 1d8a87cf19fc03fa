"""OCPP K10: clearing charging profiles."""

from __future__ import annotations

from typing import Any

from harness.judge.rules import Message, Station, rule
from harness.judge.rules._read import items

_LASTING = ("TxDefaultProfile", "ChargingStationMaxProfile")
_ENDS = ("validTo", "validFrom", "maxOfflineDuration", "invalidAfterOfflineDuration", "dynUpdateInterval")
_KEY = ("chargingProfilePurpose", "stackLevel")


@rule("OCPP-K10.R001", "result:SetChargingProfile", "result:ClearChargingProfile", "call:BootNotification")
def what_is_installed_can_be_cleared(s: Station, m: Message) -> bool | str | None:
    """K10.FR.03, .04: asked to clear a profile that it has, it does not answer that it knows none."""
    kept = s.note("K10.R001")  # id -> (EVSE, profile) of those that are surely there: lasting ones since its boot
    if m.action == "SetChargingProfile":
        _take_in(kept, m)
        return None
    meant = _there(s, m, kept)
    if meant or m.status != "Unknown":
        kept.clear()  # which of them are gone, it alone knows; and one fault is told once
    if not meant or m.status not in ("Accepted", "Unknown"):
        return None
    return True if m.status == "Accepted" else f"profile {meant[0]} was accepted, and it knows none"


def _there(s: Station, m: Message, kept: dict[Any, Any]) -> list[int]:
    """Those that a request names; none while another change of profiles is unanswered."""
    if s.waits_for("SetChargingProfile", "ClearChargingProfile", but=m.call):
        return []
    still = [id for id, (_, profile) in kept.items() if s.profiles.get(id) is profile]
    return [id for id in still if _is_meant(m.asked, id, *kept[id])]


def _take_in(kept: Any, m: Message) -> None:
    profile, evse = m.asked.get("chargingProfile"), m.asked.get("evseId")
    if not isinstance(profile, dict):
        return
    for id, (at, other) in list(kept.items()):  # replaced, or not: K01.FR.05, .06
        if id == profile.get("id") or (at == evse and all(other.get(name) == profile.get(name) for name in _KEY)):
            del kept[id]
    lasts = profile.get("chargingProfilePurpose") in _LASTING and not any(name in profile for name in _ENDS)
    lasts &= not any("duration" in schedule for schedule in items(profile.get("chargingSchedule")))
    if m.status == "Accepted" and lasts and isinstance(profile.get("id"), int):
        kept[profile["id"]] = evse, profile


def _is_meant(asked: dict[str, Any], id: int, evse: Any, profile: dict[str, Any]) -> bool:
    """Whether a request names the profile by its id, or by criteria that all fit it."""
    if asked.get("chargingProfileId") is not None:
        return bool(asked["chargingProfileId"] == id)
    criteria = asked.get("chargingProfileCriteria")
    if not isinstance(criteria, dict) or not criteria:
        return False
    facts = {"evseId": evse, **{name: profile.get(name) for name in _KEY}}
    return all(facts.get(name) == value for name, value in criteria.items() if name != "customData")
