"""Fetches files by HTTPS and by nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, put, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Download = Callable[[str, int, int], Awaitable[bytes | None]]


def _alter(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def encrypted(download: Download) -> Download:
        async def made(location: str, retries: int, interval_s: int) -> bytes | None:
            return await download(location, retries, interval_s) if location.startswith("https://") else None

        return made

    put(station, OCPPCommCtrlr__FileTransferProtocols="HTTPS")
    swap(firmware, "download", encrypted)


VARIANT = Variant(
    name="fetches-by-https-only",
    title="Downloads by HTTPS only",
    what_is_unusual="FileTransferProtocols is HTTPS: a download by plain HTTP fails.",
    why_legal="FileTransferProtocols lists what a charger supports; a careful maker leaves unencrypted ones out.",
    clauses=("OCPPCommCtrlr.FileTransferProtocols", "OCPP 2.0.1 L01"),
    touches=("GEN-03",),
    apply=_alter,
)
