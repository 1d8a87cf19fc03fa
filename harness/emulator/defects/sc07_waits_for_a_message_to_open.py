"""Leaves the contactor closed until the car says goodbye, whatever its pilot shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def polite(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: not (plant.dc.charging and plant.pilot == "B" and not plant.fault) and plain()

    def willing(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: plain() or (plant.dc.charging and plant.pilot == "B" and plant.enabled and not plant.fault)

    swap(plant, "must_open", polite)
    swap(plant, "may_energise", willing)


DEFECT = Defect(
    name="waits-for-a-message-to-open",
    title="Waits for a message where the pilot says B",
    what_is_broken="In a session by ISO 15118 a car that leaves state C without a word keeps getting power.",
    must_fail=("CP-A.P203",),
    run=("CP-A.P203",),
    depth="acceptance",
    apply=_break,
)
