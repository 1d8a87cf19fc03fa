"""A reset drops the session without telling its end; after it another one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def drop() -> None:
        client.plant.enable(False)
        client.transactions.current = None

    swap(client.transactions, "end_for_reset", lambda _: drop)


DEFECT = Defect(
    name="drops-its-session-in-a-reset",
    title="A new session after a reset, and no end of the old one",
    what_is_broken=(
        "Reset in the middle of a session, the charger tells no end of it, and begins a new one when it is back."
    ),
    must_fail=("OCPP-B12.P002",),
    run=("OCPP-B12.P002",),
    may_fail=("OCPP-B12.R004", "OCPP-E01.R007"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
