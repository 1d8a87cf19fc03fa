"""At a fault of the pilot its light looks as during a discharge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(station.panel, "lamps", lambda lamps: {**lamps, "fault": lamps["discharging"]})


DEFECT = Defect(
    name="same-light-at-a-fault",
    title="At a fault it looks as if it discharged",
    what_is_broken="A charger that sees a fault of the pilot has the light that stands for energy flowing to the grid.",
    must_fail=("LIGHT-V2X.P102",),
    run=("LIGHT-V2X.P102",),
    depth="acceptance",
    apply=_break,
)
