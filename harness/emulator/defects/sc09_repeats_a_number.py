"""Gives the last event of a transaction the number of the one before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.transactions._charging_state import Transaction

if TYPE_CHECKING:
    from harness.emulator._station import Station

Event = Callable[[Transaction, str, str], dict[str, Any]]


def _break(station: Station) -> None:
    def miscounting(event: Event) -> Event:
        def twice(tx: Transaction, kind: str, trigger: str) -> dict[str, Any]:
            if kind == "Ended":
                tx.seq_no -= 1
            return event(tx, kind, trigger)

        return twice

    swap(ocpp_of(station).transaction_events, "event", miscounting)


DEFECT = Defect(
    name="repeats-a-number",
    title="Uses a sequence number twice",
    what_is_broken="The last event of every charging session carries the sequence number of the one before it.",
    must_fail=("OCPP-E01.P001", "OCPP-E01.R002"),
    run=("SC-09",),
    apply=_break,
)
