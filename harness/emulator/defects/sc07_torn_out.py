"""Leaves the voltage on for three seconds when a charging car is torn off without a state B before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

HELD_NS = 3_000_000_000


def _break(station: Station) -> None:
    plant = station.plant
    torn_ns: list[int | None] = [None]

    def held() -> bool:
        return torn_ns[0] is not None and plant.pilot == "A" and plant.now_ns - torn_ns[0] < HELD_NS

    def seeing(set_state: Callable[[str], None]) -> Callable[[str], None]:
        def set_car_state(state: str) -> None:
            before = plant.car.state
            torn_ns[0] = plant.now_ns if before in ("C", "D") and state == "A" else None
            set_state(state)

        return set_car_state

    swap(plant, "set_car_state", seeing)
    swap(plant, "must_open", lambda plain: lambda: not held() and plain())
    swap(plant, "may_energise", lambda plain: lambda: (held() and plant.contactor_closed) or plain())


DEFECT = Defect(
    name="torn-out",
    title="Voltage stays when the plug is torn out",
    what_is_broken=(
        "When the pilot goes from C to A at once (the plug is torn out under load) the voltage stays on "
        "for three seconds; from C to B all is well."
    ),
    must_fail=("CP-A.P004",),
    run=("SC-07.5",),
    apply=_break,
)
