"""Shows a discharge with the light of a charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    station.panel.lamps["discharging"] = station.panel.lamps["charging"]


DEFECT = Defect(
    name="no-colour-for-discharge",
    title="The light is the same for charging and discharging",
    what_is_broken="While power flows to the grid the light looks exactly as it does while a car is being charged.",
    must_fail=("LIGHT-V2X.P003",),
    may_fail=("LIGHT-V2X.P001", "LIGHT-V2X.P002"),  # the same fact seen from the other side: on when it must not be
    run=("BI-18",),
    apply=_break,
)
