"""Numbers its transaction events by one counter for the EVSE, that goes on from transaction to transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.ocpp.transactions._charging_state import Transaction
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)
    last: list[Transaction] = []

    def going_on(new: Callable[[], Transaction]) -> Callable[[], Transaction]:
        def made() -> Transaction:
            tx = new()
            tx.seq_no = last[-1].seq_no if last else 117
            last[:] = [tx]
            return tx

        return made

    swap(ocpp.transactions, "_new", going_on)


VARIANT = Variant(
    name="counts-on-per-evse",
    title="Sequence numbers that go on from one transaction to the next",
    what_is_unusual="The first event of a transaction does not carry number 0, but the EVSE's next number.",
    why_legal="A transaction should begin with 0; a counter that only ever increases is expressly still allowed.",
    clauses=("OCPP 2.0.1 Part 2, E 1.3.2.1", "OCPP 2.0.1 E01.FR.07"),
    touches=("SC-05", "SC-09.3"),
    apply=_alter,
)
