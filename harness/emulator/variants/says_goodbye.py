"""Reports its connectors as unavailable before it reboots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from harness.emulator.ocpp.line._rpc import CallFailed, Offline
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)

    def politely(restart: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        async def goodbye(reason: str) -> None:
            now = ocpp.time.text()
            for connector in (1, 2):
                state = {"timestamp": now, "connectorStatus": "Unavailable", "evseId": 1, "connectorId": connector}
                try:
                    await ocpp.call("StatusNotification", state)
                except (CallFailed, Offline):
                    break
            await restart(reason)

        return goodbye

    swap(ocpp.provisioning, "restart", politely)


VARIANT = Variant(
    name="says-goodbye",
    title="Reports Unavailable before a reboot",
    what_is_unusual="After a Reset was accepted it reports each connector as Unavailable, and then reboots.",
    why_legal="It may do so once the reset was accepted.",
    clauses=("OCPP 2.0.1 B11.FR.03",),
    touches=("SC-09.1", "SC-09.2", "SC-09.9"),
    apply=_alter,
)
