"""The first time a car leaves state C in a session the contactor opens at once, from the second time on after 6 s."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    memory = {"times": 0.0, "until": 0.0}

    def state(inner: Any) -> Any:
        def put(wanted: str) -> None:
            if plant.car.state == "A":
                memory.update(times=0, until=0.0)
            if plant.contactor.closed and plant.car.state in ("C", "D") and wanted == "B":
                memory["times"] += 1
                memory["until"] = time.monotonic() + 6.0 if memory["times"] > 1 else 0.0
            elif wanted != "B":
                memory["until"] = 0.0
            inner(wanted)

        return put

    def open_now(inner: Any) -> Any:
        return lambda now_ns: time.monotonic() >= memory["until"] and inner(now_ns)

    def move(inner: Any) -> Any:
        def late(now_ns: int, *, allowed: bool, power_w: float) -> bool:
            if not allowed and time.monotonic() < memory["until"]:
                return False
            return bool(inner(now_ns, allowed=allowed, power_w=power_w))

        return late

    swap(plant, "set_car_state", state)
    swap(plant.contactor, "open_now", open_now)
    swap(plant.contactor, "move", move)


DEFECT = Defect(
    name="slow-from-the-second-time",
    title="Opens late when a car pauses again",
    what_is_broken=(
        "The first time a car leaves state C in a session the contactor opens at once, from the second time "
        "on after 6 s."
    ),
    must_fail=("CP-A.P102",),
    run=("CP-A.P102",),
    depth="acceptance",
    apply=_break,
)
