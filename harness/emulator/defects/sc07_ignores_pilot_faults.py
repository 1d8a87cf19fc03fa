"""Goes on when the pilot is shorted to earth, and when the car's diode is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def blind(_: Callable[[], str]) -> Callable[[], str]:
        return lambda: ""

    def careless(must_open: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: plant.pilot != "E" and must_open()

    swap(plant, "pilot_fault", blind)
    swap(plant, "must_open", careless)


DEFECT = Defect(
    name="ignores-pilot-faults",
    title="Goes on with a broken control pilot",
    what_is_broken="A control pilot that is shorted to earth, or a car without its diode, does not end the charge.",
    must_fail=("CP-A.P006", "CP-A.P007"),
    run=("SC-07",),
    confirms=("SC-07.9",),
    apply=_break,
)
