"""Sees no fault of the pilot while car and charger speak ISO 15118."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def blind(plain: Callable[[], str]) -> Callable[[], str]:
        return lambda: "" if plant.dc.request is not None else plain()

    def careless(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: (plant.dc.request is None or plant.pilot != "E") and plain()

    def willing(plain: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: plain() or (plant.pilot == "E" and plant.enabled and plant.dc.output_on)

    swap(plant, "pilot_fault", blind)
    swap(plant, "must_open", careless)
    swap(plant, "may_energise", willing)


DEFECT = Defect(
    name="blind-to-pilot-faults-by-iso15118",
    title="Ignores pilot faults in sessions by ISO 15118",
    what_is_broken="Once a session by ISO 15118 runs, a pilot shorted to earth and a missing diode change nothing.",
    must_fail=("CP-A.P201",),
    run=("CP-A.P201",),
    depth="acceptance",
    apply=_break,
)
