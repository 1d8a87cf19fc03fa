"""Of a session that ends while offline the end is kept only if its begin was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    offline: set[str] = set()

    def tell(inner: Any) -> Any:
        def speak(tx: Any, kind: str, *given: Any, **named: Any) -> None:
            if kind == "Started" and not client.connection.online.is_set():
                offline.add(tx.id)
            if kind != "Ended" or tx.id not in offline:
                inner(tx, kind, *given, **named)

        return speak

    swap(client.transaction_events, "tell", tell)


DEFECT = Defect(
    name="offline-sessions-without-an-end",
    title="A session of an outage is told without its end",
    what_is_broken="Of a session that began and ended while the charger was offline, its end is never told.",
    must_fail=("OCPP-E12.P001",),
    run=("OCPP-E12.P001",),
    may_fail=("OCPP-E01.R007",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
