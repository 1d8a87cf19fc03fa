"""Looks for the diode in mode 3 only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant

    def by_the_pilot_alone(plain: Callable[[], str]) -> Callable[[], str]:
        return lambda: "" if plant.dc.request is not None and plain() == "diode" else plain()

    swap(plant, "pilot_fault", by_the_pilot_alone)


DEFECT = Defect(
    name="no-diode-check-by-iso15118",
    title="Does not look for the diode in sessions by ISO 15118",
    what_is_broken="A car without its diode goes on in a session by ISO 15118; a pilot at earth ends it.",
    must_fail=("CP-A.P201",),
    run=("CP-A.P201",),
    depth="acceptance",
    apply=_break,
)
