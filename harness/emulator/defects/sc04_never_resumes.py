"""After a limit of zero the charge stays off until the car is plugged in anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PlantEvent, PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    given_up = False

    def give_up(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def once_zero_always_zero(limits: PowerLimits) -> None:
            nonlocal given_up
            given_up = given_up or (limits.charge_w == 0 and plant.plugged_connector is not None)
            allow(dataclasses.replace(limits, charge_w=0.0, per_phase_a=0.0) if given_up else limits)

        return once_zero_always_zero

    def leave(event: PlantEvent) -> None:
        nonlocal given_up
        given_up = given_up and event.what != "unplugged"

    swap(plant, "allow", give_up)
    plant.subscribe(leave)


DEFECT = Defect(
    name="never-resumes",
    title="Does not resume after a stop",
    what_is_broken="Once a limit of zero has stopped the charge, raising the limit does not start it again.",
    must_fail=("OCPP-K01.P004",),
    run=("SC-04",),
    apply=_break,
)
