"""Tells changes of its connectors by NotifyEvent in OCPP 2.0.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Message = Callable[..., tuple[str, dict[str, Any]]]


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)

    def as_event(message: Message) -> Message:
        def made(connector: int, *, classic: bool = False) -> tuple[str, dict[str, Any]]:
            version, booting = ocpp.model.version, connector not in ocpp.status._known
            if classic or version == "ocpp2.1" or booting:  # at a boot it has to be a StatusNotification (B01.FR.05)
                return message(connector, classic=classic)
            ocpp.model.version = "ocpp2.1"
            try:
                return message(connector)
            finally:
                ocpp.model.version = version

        return made

    swap(ocpp.status, "message", as_event)


VARIANT = Variant(
    name="events-instead-of-status",
    title="NotifyEvent for connector states in OCPP 2.0.1",
    what_is_unusual="After the boot it tells Connector.AvailabilityState by NotifyEvent instead of StatusNotification.",
    why_legal="G01 leaves the choice between the two.",
    clauses=("OCPP 2.0.1 G01.FR.03, G01.FR.04",),
    touches=("SC-09.1", "SC-09.2", "SC-09.3", "SC-09.9"),
    apply=_alter,
)
