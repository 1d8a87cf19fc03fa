"""Keeps the duty cycle that it offered first as long as the car waits in state B."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    first: list[float | None] = [None]

    def frozen(duty: Callable[[], float]) -> Callable[[], float]:
        def pct() -> float:
            now = duty()
            if plant.car.state != "B" or not 8.0 <= now < 100.0:
                first[0] = None
                return now
            kept = first[0] = now if first[0] is None else first[0]
            return kept

        return pct

    swap(plant, "duty_pct", frozen)


DEFECT = Defect(
    name="frozen-in-b",
    title="The pilot is stale while the car waits",
    what_is_broken=("While the car waits in state B the duty cycle stays what it was at first, whatever limit comes."),
    must_fail=("CP-A.P003",),
    run=("SC-07.4",),
    apply=_break,
)
