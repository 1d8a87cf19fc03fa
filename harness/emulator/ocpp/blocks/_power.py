"""What one may ask of the blocks that bound the power."""

from __future__ import annotations

from typing import Protocol

from harness.emulator._ports import PowerLimits
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.smart_charging._composite import Hardware, Situation, Step
from harness.emulator.ocpp.smart_charging._profile_checks import Context
from harness.emulator.ocpp.smart_charging._profiles import Profile, Profiles


class SmartChargingBlock(Protocol):
    """Block K."""

    hardware: Hardware
    limits: PowerLimits
    mode: str
    priority: bool
    profiles: Profiles
    schedule_id: int | None
    signal: float

    def active(self) -> list[Profile]:
        """The profiles that count now at this EVSE; external ones unless they are disallowed (K11.FR.07)."""

    def composite(self, start: float, duration_s: float) -> list[Step]:
        """The composite schedule from `start`, as the station would carry it out."""

    def connection_changed(self) -> None:
        """Online or offline: maxOfflineDuration starts or stops counting."""

    def fault_of_start_profile(self, raw: Json) -> str | None:
        """F01.FR.26: why the profile of a RequestStartTransaction is no good, or None."""

    def keep_for_start(self, raw: Json) -> None:
        """Use this TxProfile for the transaction that starts next."""

    def limits_now(self) -> PowerLimits:
        """What the plant may do at this moment: profiles, then the inverter's DER limits."""

    def refresh(self) -> None:
        """Work out the limits anew and hand them over when they changed; report what must be reported."""

    def situation(self) -> Situation:
        """What the composite calculation must know about this moment."""

    def transaction_ended(self, transaction_id: str) -> None:
        """TxProfiles live no longer than their transaction; priority ends with it too."""

    def transaction_started(self, transaction_id: str) -> None:
        """The power path closed: relative schedules begin, a profile that came with the start request is installed."""

    def install(self, profile: Profile) -> None:
        """Take a checked profile into use."""

    def check_context(self, installed: tuple[Profile, ...] | None = None) -> Context:
        """What a new profile is checked against."""

    def reboot(self) -> None:
        """What is not kept persistently is forgotten."""

    async def run(self) -> None:
        """Follow the schedule, for ever."""


class DerControlsBlock(Protocol):
    """Block R."""

    def max_discharge_w(self) -> float:
        """What LimitMaxDischarge leaves of the discharge rating."""


class V2xBlock(Protocol):
    """Block Q."""

    def with_vehicle(self, token: Json) -> Json:
        """Q01.FR.02: the idToken of a Started event names the car too, when ISO 15118 told it."""
