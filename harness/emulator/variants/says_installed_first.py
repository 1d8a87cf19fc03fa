"""Says Installed before it reboots into the new firmware."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)
    firmware = ocpp.firmware

    async def install(image: bytes) -> None:
        header = firmware.header(image)
        await asyncio.sleep(ocpp.config.install_s)
        if header is None or header.get("model") != station.ratings.model:
            firmware.tell("InstallVerificationFailed")
            firmware._done()
            return
        firmware.tell("Installed")
        ocpp.security.event("FirmwareUpdated", str(header["version"]))
        await ocpp.outbox.drained(3.0)
        await asyncio.sleep(1.5)
        ocpp.storage.save("firmware", {"version": header["version"]})
        firmware.version = str(header["version"])
        firmware._done()
        ocpp.reboot("FirmwareUpdate")

    swap(firmware, "install", lambda _: install)


VARIANT = Variant(
    name="says-installed-first",
    title="Says Installed, and then reboots",
    what_is_unusual="It reports neither Installing nor InstallRebooting; the reboot comes 1.5 s after Installed.",
    why_legal="Installing may be left out where the boot loader cannot speak; Installed may come before.",
    clauses=("OCPP 2.0.1 L01.FR.23, L01.FR.32 (b)",),
    touches=("GEN-03",),
    apply=_alter,
)
