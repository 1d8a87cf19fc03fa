"""Looks at its pilot only while power flows in a session by ISO 15118."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


FLOWS_W = 500.0


def _break(station: Station) -> None:
    plant = station.plant
    rested = [False]

    def resting() -> bool:
        if plant.dc.request is None or not plant.contactor_closed:
            rested[0] = False
        elif abs(plant.ramp.value_w) < FLOWS_W and plant.limits.setpoint_w == 0:
            rested[0] = True
        return rested[0]

    def while_power_flows(plain: Callable[[], str]) -> Callable[[], str]:
        return lambda: "" if resting() and plain() == "diode" else plain()

    swap(plant, "pilot_fault", while_power_flows)


DEFECT = Defect(
    name="supervises-no-rest",
    title="Ignores a missing diode while a session rests",
    what_is_broken="In a session that rests nobody looks for the diode, and power comes when it is asked for.",
    must_fail=("CP-A.P202",),
    run=("CP-A.P202",),
    depth="acceptance",
    apply=_break,
)
