"""Gives the event that the backend asked for the number of the one that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    for at in ocpp_of(station).evses.values():

        def again(event: Callable[..., Any]) -> Callable[..., Any]:
            def made(tx: Any, kind: str, trigger: str) -> Any:
                payload = event(tx, kind, trigger)
                if trigger == "Trigger":
                    tx.seq_no -= 1
                return payload

            return made

        swap(at.transaction_events, "event", again)


DEFECT = Defect(
    name="number-twice",
    title="A number is used twice in a session",
    what_is_broken=(
        "When the backend asks for a TransactionEvent in between, the next event of the session has the same number."
    ),
    must_fail=("OCPP-E01.P001", "OCPP-E01.R002"),
    run=("SC-09.3",),
    apply=_break,
)
