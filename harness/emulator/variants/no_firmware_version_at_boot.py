"""Announces itself without its firmware version; the device model tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def without(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "BootNotificationRequest":
            about = {k: v for k, v in payload["chargingStation"].items() if k != "firmwareVersion"}
            return {**payload, "chargingStation": about}
        return payload

    says(station, without)


VARIANT = Variant(
    name="no-firmware-version-at-boot",
    title="Boots without naming its firmware",
    what_is_unusual="Its BootNotification holds no firmwareVersion; the variable ChargingStation.FirmwareVersion does.",
    why_legal="The field is optional in ChargingStationType; the device model is where the version can always be read.",
    clauses=("OCPP 2.0.1 Part 2, ChargingStationType.firmwareVersion (0..1)",),
    touches=("GEN-02", "GEN-03", "SC-09.1"),
    apply=_alter,
)
