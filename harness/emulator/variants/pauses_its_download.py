"""A firmware download is paused for a moment and goes on: DownloadPaused, then Downloading again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def download(inner: Any) -> Any:
        async def pausing(*args: Any) -> Any:
            firmware.tell("Downloading")
            await asyncio.sleep(0.2)
            firmware.tell("DownloadPaused")
            await asyncio.sleep(0.5)
            return await inner(*args)

        return pausing

    swap(firmware, "download", download)


VARIANT = Variant(
    name="pauses-its-download",
    title="Pauses a download",
    what_is_unusual="A firmware download is paused for a moment and goes on: DownloadPaused, then Downloading again.",
    why_legal="DownloadPaused is one of the states of a download.",
    clauses=("OCPP 2.0.1 L01, FirmwareStatusEnumType",),
    touches=("GEN-03",),
    apply=_alter,
)
