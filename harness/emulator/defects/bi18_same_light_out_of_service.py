"""Out of service its light looks as during a discharge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(station.panel, "lamps", lambda lamps: {**lamps, "unavailable": lamps["discharging"]})


DEFECT = Defect(
    name="same-light-out-of-service",
    title="Out of service it looks as if it discharged",
    what_is_broken="A charger that is out of service has the light that stands for energy flowing to the grid.",
    must_fail=("LIGHT-V2X.P102",),
    run=("LIGHT-V2X.P102",),
    depth="acceptance",
    apply=_break,
)
