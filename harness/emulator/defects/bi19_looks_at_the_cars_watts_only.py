"""Looks at the power that the car allows, and not at its currents."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    dc = station.plant.dc

    def by_power(wanted_grid_w: Callable[..., float]) -> Callable[..., float]:
        def without_currents(*known: object) -> float:
            request = dc.request
            if request is not None and request.target_p_w is not None and station.plant.limits.setpoint_w is not None:
                dc.request = dataclasses.replace(request, target_p_w=None, target_i_a=None)
            return wanted_grid_w(*known)

        return without_currents

    swap(dc, "wanted_grid_w", by_power)


DEFECT = Defect(
    name="looks-at-the-cars-watts-only",
    title="Looks at the watts that a car allows, not at its amperes",
    what_is_broken="The car lowers its currents in the charge loop, and the charger goes by its power alone.",
    must_fail=("I20-V2G.P102",),
    run=("I20-V2G.P102",),
    depth="acceptance",
    apply=_break,
)
