"""Reports both connectors of an EVSE as occupied when one is in use, and says so twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Put = Callable[..., None]


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)

    def shared(of: Callable[[int], str]) -> Callable[[int], str]:
        def made(connector: int) -> str:
            taken = station.plant.plugged_connector is not None and of(connector) == "Available"
            return "Occupied" if taken else of(connector)

        return made

    def twice(put: Put) -> Put:
        def made(action: str, payload: dict[str, Any], **how: Any) -> None:
            put(action, payload, **how)
            if action in ("StatusNotification", "NotifyEvent"):
                put(action, payload)

        return made

    swap(ocpp.status, "of", shared)
    swap(ocpp.outbox, "put", twice)


VARIANT = Variant(
    name="occupies-both-connectors",
    title="Both connectors are occupied by one car, and told twice",
    what_is_unusual="With a car at one connector it reports the EVSE's other one as Occupied too, each of them twice.",
    why_legal="The other connectors should not be reported, which is a recommendation; a state may be told again.",
    clauses=("OCPP 2.0.1 G01.FR.08",),
    touches=("SC-09.1", "SC-09.2", "SC-09.3", "SC-09.9", "SC-05.2"),
    apply=_alter,
)
