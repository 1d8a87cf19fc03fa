"""Takes the power of all phases for that of one, over AC."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap
from harness.emulator.secc import StationLimits

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    link, plant = car_link_of(station), station.plant

    def of_one_phase(state: Callable[[], StationLimits]) -> Callable[[], StationLimits]:
        def divided() -> StationLimits:
            limits = state()
            if plant.plugged_connector != 1 or limits.setpoint_w is None:
                return limits
            return msgspec.structs.replace(limits, setpoint_w=limits.setpoint_w / 3)

        return divided

    swap(link, "state", of_one_phase)


DEFECT = Defect(
    name="ac-setpoint-per-phase",
    title="Divides an AC setpoint by the phases",
    what_is_broken="5000 W asked of an AC car become 1667 W.",
    must_fail=("OCPP-Q04.P106",),
    run=("OCPP-Q04.P106",),
    depth="acceptance",
    apply=_break,
)
