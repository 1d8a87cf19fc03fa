"""Loses its register in a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def end_for_reset(plain: Any) -> Any:
        def forget() -> None:
            station.plant.import_wh = 0.0
            plain()

        return forget

    swap(client.transactions, "end_for_reset", end_for_reset)


DEFECT = Defect(
    name="loses-its-register-in-a-reset",
    title="Loses its register in a reset",
    what_is_broken="A reset sets its register to zero before the session's end is told: what flowed is not billed.",
    must_fail=("OCPP-J02.P108",),
    run=("OCPP-J02.P108",),
    may_fail=("OCPP-J02.R016", "OCPP-J02.R017", "OCPP-J02.R018", "OCPP-J02.R022"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
