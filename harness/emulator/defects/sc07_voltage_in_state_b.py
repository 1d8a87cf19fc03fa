"""Puts voltage on the outlet as soon as a car is plugged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Test = Callable[[], bool]


def _break(station: Station) -> None:
    plant = station.plant

    def unasked() -> bool:
        return plant.pilot == "B" and not plant.enabled

    def energise(may_energise: Test) -> Test:
        return lambda: unasked() or may_energise()

    def stay(must_open: Test) -> Test:
        return lambda: not unasked() and must_open()

    swap(plant, "may_energise", energise)
    swap(plant, "must_open", stay)


DEFECT = Defect(
    name="voltage-in-state-b",
    title="Voltage at the contacts as soon as a car is plugged in",
    what_is_broken="The outlet is live as soon as a car is plugged in, before anybody authorised or asked for it.",
    must_fail=("CP-A.P001", "CP-A.P002"),
    run=("SC-07",),
    apply=_break,
)
