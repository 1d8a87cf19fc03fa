"""Zero ends the discharge of a DC car only."""

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
    last: list[float | None] = [None]

    def stubborn(state: Callable[[], StationLimits]) -> Callable[[], StationLimits]:
        def kept() -> StationLimits:
            limits = state()
            if plant.plugged_connector == 1 and limits.setpoint_w == 0 and (last[0] or 0) < 0:
                return msgspec.structs.replace(limits, setpoint_w=last[0])
            last[0] = limits.setpoint_w
            return limits

        return kept

    swap(link, "state", stubborn)


DEFECT = Defect(
    name="goes-on-at-zero-over-ac",
    title="An AC car discharges on at zero",
    what_is_broken="A setpoint of zero ends the discharge over DC; over AC it changes nothing.",
    must_fail=("OCPP-Q04.P106",),
    run=("OCPP-Q04.P106",),
    depth="acceptance",
    apply=_break,
)
