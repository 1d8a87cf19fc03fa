"""Looks only every four seconds what its car does, and tells it then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

EVERY_S = 4.0


def _alter(station: Station) -> None:
    client = ocpp_of(station)
    looked = {"at": -EVERY_S}

    def watch(inner: Any) -> Any:
        def now_and_then() -> None:
            now = client.time.monotonic()
            if now - looked["at"] >= EVERY_S:
                looked["at"] = now
                inner()

        return now_and_then

    swap(client.transactions, "watch_charging_state", watch)


VARIANT = Variant(
    name="looks-at-its-car-every-four-seconds",
    title="Tells what the car does some seconds later",
    what_is_unusual="A change of the charging state is noticed and told up to four seconds later.",
    why_legal="A change has to be told; no time is given in which it has to be noticed.",
    clauses=("OCPP 2.0.1 E01.FR.18",),
    touches=("SC-09.3", "SC-05.2"),
    apply=_alter,
)
