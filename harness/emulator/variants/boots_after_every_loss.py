"""Announces itself anew whenever it has connected again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Connected = Callable[[float | None], Awaitable[None]]


def _alter(station: Station) -> None:
    provisioning = ocpp_of(station).provisioning

    def anew(connected: Connected) -> Connected:
        async def boot_first(offline_s: float | None) -> None:
            if provisioning.status == "Accepted":
                provisioning.status, provisioning.boot_reason = "", "Unknown"
            await connected(offline_s)

        return boot_first

    swap(provisioning, "connected", anew)


VARIANT = Variant(
    name="boots-after-every-loss",
    title="Sends a BootNotification after each reconnection",
    what_is_unusual="Every new connection begins with a BootNotification, without a reboot.",
    why_legal="When nothing changed it should not be sent again: a recommendation, which many chargers do not follow.",
    clauses=("OCPP-J Part 4, 5.3 (reconnecting)",),
    touches=("SC-05", "SC-06", "SC-09", "BI-20.1"),
    apply=_alter,
)
