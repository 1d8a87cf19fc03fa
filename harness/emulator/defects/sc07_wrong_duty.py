"""Offers the car a sixth more current than it may draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def too_generous(offered_a: Callable[[], float]) -> Callable[[], float]:
        return lambda: offered_a() * 7 / 6

    swap(station.plant, "offered_a", too_generous)


DEFECT = Defect(
    name="wrong-duty",
    title="The control pilot offers too much current",
    what_is_broken="The duty cycle on the control pilot stands for a sixth more current than the limit in force.",
    must_fail=("CP-A.P003",),
    run=("SC-07",),
    apply=_break,
)
