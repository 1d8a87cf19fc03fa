"""Over AC it can only charge."""

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
    def one_way(config: Config) -> Config:
        return lambda interface: msgspec.structs.replace(config(interface), services=("AC", "DC", "DC_BPT"))

    swap(car_link_of(station), "config", one_way)


DEFECT = Defect(
    name="no-ac-discharge",
    title="Offers no discharging over AC",
    what_is_broken="To a car at the AC connector the charger offers charging only.",
    must_fail=("I20-V2G.P001/AC_BPT/Dynamic", "I20-V2G.P001/AC_BPT/Scheduled"),
    may_fail=("I20-V2G.P002", "I20-V2G.P003"),  # nothing to see in a session that never came about
    run=("BI-19",),
    apply=_break,
)
