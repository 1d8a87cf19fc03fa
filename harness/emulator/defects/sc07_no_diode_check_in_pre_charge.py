"""Looks for no diode from the cable check on, where the diode was there when the session began."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    lost = [False]

    def lost_in_pre_charge(seen: str) -> bool:
        if plant.dc.request is None:
            lost[0] = False
        elif seen == "diode" and plant.dc.output_on and not plant.dc.charging:
            lost[0] = True
        return lost[0]

    def blind(plain: Callable[[], str]) -> Callable[[], str]:
        def look() -> str:
            seen = plain()
            return "" if lost_in_pre_charge(seen) and seen == "diode" else seen

        return look

    swap(plant, "pilot_fault", blind)


DEFECT = Defect(
    name="no-diode-check-in-pre-charge",
    title="Overlooks a diode that goes missing in pre-charge",
    what_is_broken="A diode that goes missing between the cable check and the first power is never noticed.",
    must_fail=("CP-A.P209",),
    run=("CP-A.P209",),
    depth="acceptance",
    apply=_break,
)
