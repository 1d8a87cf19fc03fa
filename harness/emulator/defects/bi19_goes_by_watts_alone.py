"""Keeps to the watts that a DC car names, and to none of its amperes and volts."""

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

    def by_power(wanted_grid_w: Wanted) -> Wanted:
        def wanted(*known: Any) -> float:
            request = dc.request
            if request is not None and request.charging and known[0].setpoint_w is not None:
                dc.request = dataclasses.replace(request, target_p_w=None, target_i_a=None)
            return wanted_grid_w(*known)

        return wanted

    swap(dc, "wanted_grid_w", by_power)


DEFECT = Defect(
    name="goes-by-watts-alone",
    title="Looks at the car's watts, not at its amperes and volts",
    what_is_broken="In a DC session it keeps to the power that the car allows, and ignores current and voltage.",
    must_fail=("I20-V2G.P102",),
    run=("I20-V2G.P102",),
    depth="acceptance",
    apply=_break,
)
