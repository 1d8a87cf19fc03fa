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
    must_fail=("BI-18.3",),
    may_fail=("BI-18.1", "BI-18.2"),  # the same fact seen from the other side: on when it must not be
    apply=_break,
)
