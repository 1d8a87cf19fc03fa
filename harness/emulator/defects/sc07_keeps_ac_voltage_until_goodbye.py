"""Opens the contactor of an AC session when the car says goodbye, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def in_session() -> bool:
        return plant.car.connector == 1 and plant.dc.charging and plant.pilot in ("A", "B") and not plant.fault

    def polite(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: not in_session() and plain()

    def willing(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: plain() or (in_session() and plant.enabled)

    swap(plant, "must_open", polite)
    swap(plant, "may_energise", willing)


DEFECT = Defect(
    name="keeps-ac-voltage-until-goodbye",
    title="Keeps the voltage of an AC session until the car says goodbye",
    what_is_broken="In an AC session by ISO 15118 the voltage stays when the pilot alone shows A or B.",
    must_fail=("CP-A.P205",),
    run=("CP-A.P205",),
    depth="acceptance",
    apply=_break,
)
