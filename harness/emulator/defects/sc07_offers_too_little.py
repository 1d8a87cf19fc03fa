"""Offers the car only half of the current it may draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def mean(offered_a: Callable[[], float]) -> Callable[[], float]:
        return lambda: offered_a() / 2

    swap(station.plant, "offered_a", mean)


DEFECT = Defect(
    name="offers-too-little",
    title="The control pilot offers too little current",
    what_is_broken="The duty cycle on the control pilot stands for half of the current that the limit in force allows.",
    must_fail=("CP-A.P003",),
    may_fail=("CP-A.P004",),  # with half the current there may be nothing to switch off
    run=("SC-07",),
    apply=_break,
)
