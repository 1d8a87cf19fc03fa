"""After an update BootNotification tells the new version, ChargingStation.FirmwareVersion the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    found = client.model.find("ChargingStation", "FirmwareVersion")
    first = client.firmware.version
    if found is not None:
        found.read = lambda: first


DEFECT = Defect(
    name="version-stale-in-device-model",
    title="Its device model tells the version before the update",
    what_is_broken=(
        "After an update BootNotification tells the new version, ChargingStation.FirmwareVersion the old one."
    ),
    must_fail=("OCPP-B01.R008",),
    run=("OCPP-L01.P001",),
    depth="acceptance",
    apply=_break,
)
