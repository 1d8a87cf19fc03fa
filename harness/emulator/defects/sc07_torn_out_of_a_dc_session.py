"""Goes on for five seconds when the plug is torn out of a session by ISO 15118."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


HELD_NS = 5_000_000_000


def _break(station: Station) -> None:
    plant = station.plant
    torn_ns: list[int | None] = [None]

    def held() -> bool:
        return torn_ns[0] is not None and plant.pilot == "A" and plant.now_ns - torn_ns[0] < HELD_NS

    def seeing(set_state: Callable[[str], None]) -> Callable[[str], None]:
        def set_car_state(state: str) -> None:
            torn = plant.car.state in ("C", "D") and state == "A" and plant.dc.request is not None
            torn_ns[0] = plant.now_ns if torn else None
            set_state(state)

        return set_car_state

    def flowing(plain: Callable[[], float]) -> Callable[[], float]:
        return lambda: plant.ramp.value_w if held() else plain()

    swap(plant, "set_car_state", seeing)
    swap(plant, "must_open", lambda plain: lambda: not held() and plain())
    swap(plant, "may_energise", lambda plain: lambda: (held() and plant.contactor_closed) or plain())
    swap(plant, "wanted_w", flowing)


DEFECT = Defect(
    name="torn-out-of-a-dc-session",
    title="Voltage stays when the plug is torn out of a session by ISO 15118",
    what_is_broken="When the plug is torn out in the charge loop voltage and power stay for five seconds.",
    must_fail=("CP-A.P203",),
    run=("CP-A.P203",),
    depth="acceptance",
    apply=_break,
)
