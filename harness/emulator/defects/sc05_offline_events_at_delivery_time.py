"""An event that happened offline carries the time of its delivery instead of the time it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def deliver(inner: Any) -> Any:
        async def stamped(message: Any) -> None:
            if message.payload.get("offline"):
                message.payload["timestamp"] = client.time.text()
            await inner(message)

        return stamped

    swap(client.outbox, "_deliver", deliver)


DEFECT = Defect(
    name="offline-events-at-delivery-time",
    title="Stamps queued events when it delivers them",
    what_is_broken="An event that happened offline carries the time of its delivery instead of the time it happened.",
    must_fail=("OCPP-E04.P101",),
    run=("OCPP-E04.P101",),
    may_fail=("OCPP-E04.R003", "OCPP-E01.R009"),
    depth="acceptance",
    apply=_break,
)
