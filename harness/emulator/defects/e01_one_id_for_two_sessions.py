"""Gives two sessions one id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    transactions = ocpp_of(station).transactions

    def new(plain: Any) -> Any:
        def again() -> Any:
            tx = plain()
            tx.id = "11111111-2222-3333-4444-555555555555"
            return tx

        return again

    swap(transactions, "_new", new)


DEFECT = Defect(
    name="one-id-for-two-sessions",
    title="One id for all sessions",
    what_is_broken="Every session has the same transactionId.",
    must_fail=("OCPP-E01.R003",),
    run=("OCPP-F03.P003", "OCPP-F02.P002"),
    may_fail=(
        "OCPP-F03.P003",
        "OCPP-F02.P002",
        "OCPP-E01.R002",
        "OCPP-E01.R004",
        "OCPP-E01.R005",
        "OCPP-E01.R001",
        "OCPP-F03.R007",
        "OCPP-K01.R009",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
