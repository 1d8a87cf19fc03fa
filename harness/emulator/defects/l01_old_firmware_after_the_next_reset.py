"""The next reset starts the firmware from before the update."""

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
            inner(reason)

        return back

    swap(client, "reboot", reboot)


DEFECT = Defect(
    name="old-firmware-after-the-next-reset",
    title="Runs its old firmware again after the next reset",
    what_is_broken="New firmware runs until the next reset, which starts the old one again.",
    must_fail=("OCPP-L01.P106",),
    run=("OCPP-L01.P001", "OCPP-L01.P106"),
    may_fail=("OCPP-L01.P001", "OCPP-B01.R008"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
