"""What happens while the charger is offline is never told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def forgetful(put: Callable[..., None]) -> Callable[..., None]:
        def only_online(action: str, payload: dict[str, Any], **how: Any) -> None:
            if action != "TransactionEvent" or ocpp.connection.online.is_set():
                put(action, payload, **how)

        return only_online

    swap(ocpp.outbox, "put", forgetful)


DEFECT = Defect(
    name="loses-offline-events",
    title="Loses what happens while offline",
    what_is_broken="Transaction events that fall into a loss of the network are thrown away instead of kept.",
    must_fail=("OCPP-E04.P001",),
    run=("SC-05",),
    apply=_break,
)
