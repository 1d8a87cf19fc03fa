"""Asks an AC car for more than it says that it can, and goes on when it lowers its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def greedy(config: Any) -> Any:
        return lambda interface: msgspec.structs.replace(config(interface), ignores_ev_limits=True)

    swap(car_link_of(station), "config", greedy)


DEFECT = Defect(
    name="asks-an-ac-car-for-more",
    title="Steers an AC car past its own limits",
    what_is_broken="In an AC session that it steers it asks for its setpoint, whatever the car says it can do.",
    must_fail=("I20-V2G.P103",),
    run=("I20-V2G.P103",),
    depth="acceptance",
    apply=_break,
)
