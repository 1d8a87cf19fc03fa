"""Looks for the diode until a car has had power by ISO 15118, and then no more until it is unplugged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    known_good, lost = [False], [False]

    def lost_in_a_pause(seen: str) -> bool:
        if plant.car.connector is None:
            known_good[0] = lost[0] = False
        elif plant.dc.charging:
            known_good[0] = True
        elif seen == "diode" and known_good[0]:
            lost[0] = True
        return lost[0]

    def blind(plain: Callable[[], str]) -> Callable[[], str]:
        def look() -> str:
            seen = plain()
            return "" if lost_in_a_pause(seen) and seen == "diode" else seen

        return look

    swap(plant, "pilot_fault", blind)


DEFECT = Defect(
    name="no-diode-check-in-a-pause",
    title="Overlooks a diode that goes missing in a pause",
    what_is_broken="A diode that goes missing while a session is paused is never noticed, and the car gets power.",
    must_fail=("CP-A.P207", "CP-A.P208"),
    run=("CP-A.P207", "CP-A.P208"),
    depth="acceptance",
    apply=_break,
)
