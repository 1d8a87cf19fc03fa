"""Counts on twice for each event that happens while the charger is offline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.transactions._charging_state import Transaction

if TYPE_CHECKING:
    from harness.emulator._station import Station

Event = Callable[[Transaction, str, str], dict[str, Any]]


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def miscounting(event: Event) -> Event:
        def one_too_many(tx: Transaction, kind: str, trigger: str) -> dict[str, Any]:
            if not ocpp.connection.online.is_set():
                tx.seq_no += 1
            return event(tx, kind, trigger)

        return one_too_many

    swap(ocpp.transaction_events, "event", miscounting)


DEFECT = Defect(
    name="skips-numbers-offline",
    title="Leaves holes in the numbering of offline events",
    what_is_broken="Events from the offline time are delivered, but every second sequence number is missing.",
    must_fail=("OCPP-E04.P001",),
    run=("SC-05",),
    apply=_break,
)
