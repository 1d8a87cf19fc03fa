"""Looks at its pilot only while it charges."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


FLOWS_W = 500.0


def _break(station: Station) -> None:
    plant = station.plant

    def while_charging(plain: Callable[[], str]) -> Callable[[], str]:
        return lambda: "" if plant.ramp.value_w < -FLOWS_W else plain()

    swap(plant, "pilot_fault", while_charging)


DEFECT = Defect(
    name="supervises-charging-alone",
    title="Ignores a missing diode while a car discharges",
    what_is_broken="While energy flows to the grid nobody looks whether the pilot is in order.",
    must_fail=("CP-A.P201",),
    run=("CP-A.P201",),
    depth="acceptance",
    apply=_break,
)
