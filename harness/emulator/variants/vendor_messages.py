"""Sends messages of its maker's own, which nobody at the backend knows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

EVERY_S = 5.0


def _alter(station: Station) -> None:
    client = ocpp_of(station)

    def chatty(connected: Any) -> Any:
        async def then(offline_s: float | None) -> None:
            await connected(offline_s)
            while client.provisioning.status == "Accepted":
                client.outbox.put(
                    "DataTransfer", {"vendorId": "org.example.maker", "messageId": "temperature", "data": 31.5}
                )
                await asyncio.sleep(EVERY_S)

        return then

    swap(client.provisioning, "connected", chatty)


VARIANT = Variant(
    name="vendor-messages",
    title="Vendor messages",
    what_is_unusual="Every five seconds a DataTransfer with its maker's id comes, whatever the answer is.",
    why_legal="A charger may send vendor data; the backend says UnknownVendorId, and that is no fault.",
    clauses=("OCPP 2.0.1 P02",),
    touches=("SC-05.2", "SC-09.2", "SC-09.3", "SC-09.9", "SC-04.2"),
    apply=_alter,
)
