"""Goes on with StatusNotification in OCPP 2.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Message = Callable[..., tuple[str, dict[str, Any]]]


def _alter(station: Station) -> None:
    def classic(message: Message) -> Message:
        return lambda connector, **_: message(connector, classic=True)

    swap(ocpp_of(station).status, "message", classic)


VARIANT = Variant(
    name="keeps-status-notification",
    title="StatusNotification in OCPP 2.1 as well",
    what_is_unusual="In OCPP 2.1 it tells its connectors' states by StatusNotification, never by NotifyEvent.",
    why_legal="OCPP 2.1 prefers NotifyEvent and keeps StatusNotification.",
    clauses=("OCPP 2.1 G01", "OCPP 2.1 B01.FR.05"),
    touches=("BI-16", "BI-20", "SC-04.2", "SC-09.2"),
    apply=_alter,
)
