"""OCPP K28: dynamic profiles (2.1)."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


@rule("OCPP-K28.R011", "result:UpdateDynamicSchedule")
def only_dynamic_profiles_are_updated(s: Station, m: Message) -> bool | str | None:
    """K28.FR.11: a profile that was set, and not as Dynamic, takes no update."""
    identity = m.asked.get("chargingProfileId", -1)
    profile = s.profiles.get(identity)
    if m.call is None or profile is None or profile.get("chargingProfileKind") in (None, "Dynamic"):
        return None
    if s.waits_for("SetChargingProfile", "ClearChargingProfile"):
        return None  # it may be another one by now
    kind = profile["chargingProfileKind"]
    return True if m.status == "Rejected" else f"profile {identity} is {kind}, and its update was {m.status}"
