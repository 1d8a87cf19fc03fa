"""Nothing on the outside tells that the charger works in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(station.panel, "marking", lambda _: "")


DEFECT = Defect(
    name="no-marking",
    title="No marking for bidirectional charging",
    what_is_broken="Nothing on the charger tells a driver that it can charge in both directions.",
    must_fail=("SITE-MARK.P001",),
    run=("BI-17",),
    apply=_break,
)
