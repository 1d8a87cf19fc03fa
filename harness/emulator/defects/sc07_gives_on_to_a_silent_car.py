"""A car that falls silent in the charge loop is fed on, or drained, for two minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(
        car_link_of(station),
        "config",
        lambda plain: lambda interface: msgspec.structs.replace(plain(interface), loop_timeout_s=120.0),
    )


DEFECT = Defect(
    name="gives-on-to-a-silent-car",
    title="Goes on with a car that says nothing any more",
    what_is_broken="When a car's controller hangs in the charge loop, power flows on for two minutes, in either "
    "direction.",
    must_fail=("CP-A.P213",),
    run=("CP-A.P213",),
    depth="acceptance",
    apply=_break,
)
