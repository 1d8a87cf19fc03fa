"""Forgets a fault of the pilot after two seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


HELD_NS = 2_000_000_000


def _break(station: Station) -> None:
    plant = station.plant
    since_ns: list[int] = []

    def forgetful(plain: Callable[[], str]) -> Callable[[], str]:
        def pilot_fault() -> str:
            seen = plain()
            if not seen:
                since_ns.clear()
                return ""
            since_ns[:] = since_ns or [plant.now_ns]
            if seen == "diode" and plant.now_ns - since_ns[0] > HELD_NS:
                plant.fault = ""
                return ""
            return seen

        return pilot_fault

    swap(plant, "pilot_fault", forgetful)


DEFECT = Defect(
    name="tries-again-while-the-fault-stands",
    title="Switches on again while the fault stands",
    what_is_broken="Two seconds after a car was found without its diode the voltage comes back.",
    must_fail=("CP-A.P103",),
    run=("CP-A.P103",),
    depth="acceptance",
    apply=_break,
)
