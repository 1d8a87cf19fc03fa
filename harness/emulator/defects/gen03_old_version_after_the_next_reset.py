"""New firmware runs until the next reset; after it the old version is back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def reboot(inner: Any) -> Any:
        def back(reason: str) -> None:
            if reason != "FirmwareUpdate":
                client.firmware.version = client.plant.ratings.firmware
                client.storage.save("firmware", {"version": client.firmware.version})
            inner(reason)

        return back

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="old-version-after-the-next-reset",
    title="Falls back to old firmware at the next reset",
    what_is_broken="New firmware runs until the next reset; after it the old version is back.",
    must_fail=("OCPP-L01.P102",),
    run=("OCPP-L01.P001", "OCPP-L01.P102"),
    depth="acceptance",
    apply=_break,
)
