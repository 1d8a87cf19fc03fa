"""Goes off the network for good when a firmware download breaks off."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Download = Callable[[str, int, int], Coroutine[Any, Any, "bytes | None"]]


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def fragile(download: Download) -> Download:
        async def hang(location: str, retries: int, interval_s: int) -> bytes | None:
            image = await download(location, retries, interval_s)
            if image is None:
                ocpp.connection.unplug_network(True)
            return image

        return hang

    swap(ocpp.firmware, "download", fragile)


DEFECT = Defect(
    name="hangs-after-broken-download",
    title="Is gone after a broken download",
    what_is_broken="When the download of new firmware breaks off, the charger is not reachable any more.",
    must_fail=("OCPP-L01.P004",),
    run=("GEN-03.6",),
    smoke=False,
    apply=_break,
)
