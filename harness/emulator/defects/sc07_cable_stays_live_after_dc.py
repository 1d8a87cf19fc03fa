"""After a DC session its voltage stays on the cable until the plug is out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station
    from harness.emulator.plant._car import Car

Step = Callable[[float, "Car", bool, float], None]


def _break(station: Station) -> None:
    dc = station.plant.dc

    def bleeds_nothing_off(plain: Step) -> Step:
        def step(grid_w: float, car: Car, closed: bool, dt_s: float) -> None:
            before_v = dc.output_v
            plain(grid_w, car, closed, dt_s)
            if car.connector == 2 and not dc.output_on:
                dc.output_v = max(dc.output_v, before_v)

        return step

    swap(dc, "step", bleeds_nothing_off)


DEFECT = Defect(
    name="cable-stays-live-after-dc",
    title="Leaves the voltage on the cable after a DC session",
    what_is_broken="When the power is off and the contactor open, the DC voltage stays on the charger's cable "
    "until the plug is out.",
    must_fail=("CP-A.P212",),
    run=("CP-A.P212",),
    depth="acceptance",
    apply=_break,
)
