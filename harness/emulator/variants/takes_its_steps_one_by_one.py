"""Reports every state of a firmware update that there is, with pauses between them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

PAUSE_S = 0.7
Download = Callable[[str, int, int], Awaitable[bytes | None]]
Install = Callable[[bytes], Awaitable[None]]


def _alter(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def with_pauses(download: Download) -> Download:
        async def made(location: str, retries: int, interval_s: int) -> bytes | None:
            firmware.tell("DownloadScheduled")
            await asyncio.sleep(PAUSE_S)
            firmware.tell("Downloading")
            await asyncio.sleep(PAUSE_S)
            return await download(location, retries, interval_s)

        return made

    def announced(install: Install) -> Install:
        async def made(image: bytes) -> None:
            firmware.tell("InstallScheduled")
            await asyncio.sleep(PAUSE_S)
            firmware.tell("InstallRebooting")
            await asyncio.sleep(PAUSE_S)
            await install(image)

        return made

    swap(firmware, "download", with_pauses)
    swap(firmware, "install", announced)


VARIANT = Variant(
    name="takes-its-steps-one-by-one",
    title="Reports every step of a firmware update",
    what_is_unusual="DownloadScheduled, Downloading twice, InstallScheduled and InstallRebooting before Installing.",
    why_legal="Each is a state on the way; Downloading may come at any attempt, a reboot before installing.",
    clauses=("OCPP 2.0.1 L01.FR.01, L01.FR.13, L01.FR.16, L01.FR.30", "FirmwareStatusEnumType"),
    touches=("GEN-03",),
    apply=_alter,
)
