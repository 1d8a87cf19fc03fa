"""Sees no fault of the pilot while it discharges a car over DC."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def when() -> bool:
        return plant.car.connector == 2 and plant.dc.charging and plant.ramp.value_w < -500

    def blind(plain: Callable[[], str]) -> Callable[[], str]:
        return lambda: "" if when() else plain()

    def careless(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: not (when() and plant.pilot == "E") and plain()

    def willing(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: plain() or (when() and plant.pilot == "E" and plant.enabled)

    swap(plant, "pilot_fault", blind)
    swap(plant, "must_open", careless)
    swap(plant, "may_energise", willing)


DEFECT = Defect(
    name="blind-while-it-discharges-dc",
    title="Ignores pilot faults while it discharges over DC",
    what_is_broken="While a DC car gives power to the grid, a pilot at earth and a missing diode change nothing.",
    must_fail=("CP-A.P206",),
    run=("CP-A.P206",),
    depth="acceptance",
    apply=_break,
)
