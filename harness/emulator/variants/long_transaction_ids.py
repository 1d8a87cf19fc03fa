"""Gives its transactions ids as long and as odd as OCPP allows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    count = itertools.count(1)

    def long(new: Any) -> Any:
        def made() -> Any:
            tx = new()
            tx.id = f"*tx-_=:+|@.{next(count):025d}"
            return tx

        return made

    for evse in ocpp_of(station).evses.values():
        swap(evse.transactions, "_new", long)


VARIANT = Variant(
    name="long-transaction-ids",
    title="Transaction ids of 36 characters",
    what_is_unusual="Transaction ids fill their 36 characters, with each sign that an identifier may hold.",
    why_legal="An identifier is a string of up to 36 characters, of letters, digits and these signs.",
    clauses=("OCPP 2.0.1 Part 2, TransactionType.transactionId", "OCPP 2.0.1 Part 2, identifierString"),
    touches=("SC-05.2", "SC-09.2", "SC-09.3", "SC-04.2", "BI-16.1"),
    apply=_alter,
)
