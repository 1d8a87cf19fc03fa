"""Knows only the control mode in which the charger leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap
from harness.emulator.secc import SeccConfig

if TYPE_CHECKING:
    from harness.emulator._station import Station

Config = Callable[[str], SeccConfig]


def _break(station: Station) -> None:
    def dynamic_only(config: Config) -> Config:
        return lambda interface: msgspec.structs.replace(config(interface), control_modes=("dynamic",))

    swap(car_link_of(station), "config", dynamic_only)


DEFECT = Defect(
    name="no-scheduled-control",
    title="Does not know scheduled control",
    what_is_broken="A car that wants to discharge by a schedule is not served; only dynamic control works.",
    must_fail=("I20-V2G.P001/DC_BPT/Scheduled", "I20-V2G.P001/AC_BPT/Scheduled"),
    may_fail=("I20-V2G.P002", "I20-V2G.P003"),  # nothing to see in a session that never came about
    run=("BI-19",),
    apply=_break,
)
