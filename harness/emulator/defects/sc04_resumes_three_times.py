"""After the third pause of a session the charge stays off."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PlantEvent, PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


MOST = 3
Allow = Callable[[PowerLimits], None]


def _break(station: Station) -> None:
    plant, pauses, paused = station.plant, 0, False

    def counting(allow: Allow) -> Allow:
        def give_up(limits: PowerLimits) -> None:
            nonlocal pauses, paused
            pauses += limits.charge_w == 0 and not paused and plant.plugged_connector is not None
            paused = limits.charge_w == 0
            allow(dataclasses.replace(limits, charge_w=0.0, per_phase_a=0.0) if pauses > MOST else limits)

        return give_up

    def leave(event: PlantEvent) -> None:
        nonlocal pauses
        pauses = 0 if event.what == "unplugged" else pauses

    swap(plant, "allow", counting)
    plant.subscribe(leave)


DEFECT = Defect(
    name="resumes-three-times",
    title="Gives up after the third pause",
    what_is_broken="When a limit of zero comes a fourth time in a session, raising it does not start the charge again.",
    must_fail=("OCPP-K01.P103",),
    run=("OCPP-K01.P103",),
    depth="acceptance",
    apply=_break,
)
