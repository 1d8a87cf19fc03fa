"""Its contactor takes a second and a half to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(station.plant.contactor, "open_delay_s", lambda _: 1.5)


DEFECT = Defect(
    name="slow-contactor",
    title="Switches off too slowly",
    what_is_broken="When the car is no longer ready, the voltage stays on for another second and a half.",
    must_fail=("SC-07.5",),
    apply=_break,
)
