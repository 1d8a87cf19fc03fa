"""Looks for no diode once it charges AC by ISO 15118."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def blind(plain: Callable[[], str]) -> Callable[[], str]:
        return lambda: "" if plant.car.connector == 1 and plant.dc.charging and plain() == "diode" else plain()

    swap(plant, "pilot_fault", blind)


DEFECT = Defect(
    name="no-diode-check-in-ac-sessions",
    title="Looks for no diode while it charges AC by ISO 15118",
    what_is_broken="A diode that goes missing in an AC session by ISO 15118 changes nothing; in mode 3 it does.",
    must_fail=("CP-A.P204",),
    run=("CP-A.P204",),
    depth="acceptance",
    apply=_break,
)
