"""Takes as much power from the car as it can, whatever the car allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Wanted = Callable[..., float]


def _break(station: Station) -> None:
    def greedy(wanted_grid_w: Wanted) -> Wanted:
        def all_it_can(*known: Any) -> float:
            wanted_w = wanted_grid_w(*known)
            return -station.ratings.max_discharge_w if wanted_w < 0 else wanted_w

        return all_it_can

    swap(station.plant.dc, "wanted_grid_w", greedy)


DEFECT = Defect(
    name="overruns-the-car",
    title="Takes more power than the car allows",
    what_is_broken="While discharging over DC the charger takes its own most power, also beyond what the car allows.",
    must_fail=("I20-V2G.P003",),
    may_fail=("I20-V2G.P001/DC_BPT/Dynamic", "I20-V2G.P001/DC_BPT/Scheduled"),
    run=("BI-19",),
    apply=_break,
)
