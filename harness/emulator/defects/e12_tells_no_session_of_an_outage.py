"""A session that begins while offline is never told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    untold: set[str] = set()

    def tell(inner: Any) -> Any:
        def speak(tx: Any, kind: str, *given: Any, **named: Any) -> None:
            if kind == "Started" and not client.connection.online.is_set():
                untold.add(tx.id)
            if tx.id not in untold:
                inner(tx, kind, *given, **named)

        return speak

    swap(client.transaction_events, "tell", tell)


DEFECT = Defect(
    name="tells-no-session-of-an-outage",
    title="Energy of an outage is never told",
    what_is_broken="A session that begins while the charger is offline is never told, although a car charges.",
    must_fail=("OCPP-E12.P001",),
    run=("OCPP-E12.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
