"""Activates new firmware on the fly, without a reboot."""

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
        firmware.tell("Installing")
        header = firmware.header(image)
        await asyncio.sleep(ocpp.config.install_s)
        if header is None or header.get("model") != station.ratings.model:
            firmware.tell("InstallVerificationFailed")
        else:
            firmware.version = str(header["version"])
            ocpp.storage.save("firmware", {"version": firmware.version})
            firmware.tell("Installed")
            ocpp.security.event("FirmwareUpdated", firmware.version)
        firmware._done()

    swap(firmware, "install", lambda _: install)


VARIANT = Variant(
    name="installs-without-rebooting",
    title="Activates new firmware without a reboot",
    what_is_unusual="After Installed the new version runs at once; no boot follows, so no BootNotification names it.",
    why_legal="Activation may involve a reboot, but need not; a BootNotification is sent at a boot only.",
    clauses=("OCPP 2.0.1 L01.FR.28", "OCPP 2.0.1 B01.FR.03"),
    touches=("GEN-03", "GEN-02.2"),
    apply=_alter,
)
