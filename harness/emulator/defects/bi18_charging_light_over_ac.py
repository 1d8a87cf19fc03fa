"""The light of an AC car that discharges is that of one that charges."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def unsigned(direction: Callable[[], str]) -> Callable[[], str]:
        return lambda: "charging" if direction() and station.plant.plugged_connector == 1 else direction()

    swap(station.panel, "direction", unsigned)


DEFECT = Defect(
    name="charging-light-over-ac",
    title="Shows a charge while an AC car discharges",
    what_is_broken="At the AC outlet the light knows that power flows, and not in which direction.",
    must_fail=("LIGHT-V2X.P104",),
    run=("LIGHT-V2X.P104",),
    depth="acceptance",
    apply=_break,
)
