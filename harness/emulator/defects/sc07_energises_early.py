"""Switches the voltage on when charging is authorised, without waiting for the car to be ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PlantEvent
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Test = Callable[[], bool]


def _break(station: Station) -> None:
    plant = station.plant
    was_ready = False

    def watch(event: PlantEvent) -> None:
        nonlocal was_ready
        was_ready = event.what != "plugged" and (was_ready or event.value in ("C", "D"))

    def early() -> bool:
        return plant.enabled and plant.pilot == "B" and not was_ready

    def at_once(enable: Callable[[bool], None]) -> Callable[[bool], None]:
        def close_too(on: bool) -> None:
            enable(on)
            if early() and not plant.contactor.closed:
                plant.contactor.closed = True
                plant._tell("contactor", plant.plugged_connector or 1, "closed")

        return close_too

    def stay_closed(may_energise: Test) -> Test:
        return lambda: early() or may_energise()

    def not_yet(must_open: Test) -> Test:
        return lambda: not early() and must_open()

    plant.subscribe(watch)
    swap(plant, "may_energise", stay_closed)
    swap(plant, "must_open", not_yet)
    swap(plant, "enable", at_once)


DEFECT = Defect(
    name="energises-early",
    title="Voltage before the car is ready",
    what_is_broken="The contactor closes on authorisation, while the car still shows that it is not ready (state B).",
    must_fail=("CP-A.P002",),
    run=("SC-07",),
    apply=_break,
)
