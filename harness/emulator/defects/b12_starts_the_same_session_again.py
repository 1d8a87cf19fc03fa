"""After a reset a session that was ended begins once more, under its old id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    transactions = ocpp_of(station).transactions
    ended: list[str] = []

    def end(inner: Any) -> Any:
        def for_reset() -> None:
            if transactions.current is not None:
                ended.append(transactions.current.id)
            inner()

        return for_reset

    def new(inner: Any) -> Any:
        def again() -> Any:
            transaction = inner()
            if ended:
                transaction.id = ended.pop()
            return transaction

        return again

    swap(transactions, "end_for_reset", end)
    swap(transactions, "_new", new)


DEFECT = Defect(
    name="starts-the-same-session-again",
    title="Begins an ended session again after a reset",
    what_is_broken="A reset ends the session and tells so; after it a session with the same id is told to begin.",
    must_fail=("OCPP-B12.P003",),
    run=("OCPP-B12.P003",),
    may_fail=("OCPP-E01.R003", "OCPP-E01.R004", "OCPP-E01.R001", "OCPP-E01.R002"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
