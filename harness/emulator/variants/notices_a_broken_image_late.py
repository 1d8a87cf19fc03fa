"""Takes a download that broke off for complete, and refuses it by its signature."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Download = Callable[[str, int, int], Awaitable[bytes | None]]


def _alter(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def unwary(download: Download) -> Download:
        async def made(location: str, retries: int, interval_s: int) -> bytes | None:
            return await download(location, retries, interval_s) or b"the part that came"

        return made

    swap(firmware, "download", unwary)


VARIANT = Variant(
    name="notices-a-broken-image-late",
    title="Refuses a broken-off download by its signature",
    what_is_unusual="A download that breaks off counts as downloaded; the signature over it is then found wrong.",
    why_legal="Whatever was downloaded has to pass the signature check; one that does not is InvalidSignature.",
    clauses=("OCPP 2.0.1 L01.FR.04, L01.FR.12",),
    touches=("GEN-03",),
    apply=_alter,
)
