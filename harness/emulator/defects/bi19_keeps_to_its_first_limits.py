"""Follows the limits that the car named first, whatever it says later."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


Wanted = Callable[..., float]


def _break(station: Station) -> None:
    dc = station.plant.dc
    first: tuple[float | None, float | None] | None = None

    def stubborn(wanted_grid_w: Wanted) -> Wanted:
        def by_the_first(*known: Any) -> float:
            nonlocal first
            request = dc.request
            if request is None or not request.charging:
                first = None
            else:
                first = first or (request.max_charge_w, request.max_discharge_w)
                into_w, out_w = first
                free = dataclasses.replace(request, target_p_w=None, target_i_a=None)
                dc.request = dataclasses.replace(free, max_charge_w=into_w, max_discharge_w=out_w)
            return wanted_grid_w(*known)

        return by_the_first

    swap(dc, "wanted_grid_w", stubborn)


DEFECT = Defect(
    name="keeps-to-its-first-limits",
    title="Ignores that the car lowered its limits",
    what_is_broken="In a DC session the charger goes by the limits that the car named first, also when it lowers them.",
    must_fail=("I20-V2G.P101",),
    run=("I20-V2G.P101",),
    depth="acceptance",
    apply=_break,
)
