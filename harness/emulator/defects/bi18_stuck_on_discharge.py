"""Its light tells of a discharge all the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def stuck(_: Callable[[], str]) -> Callable[[], str]:
        return lambda: "discharging"

    swap(station.panel, "shows", stuck)


DEFECT = Defect(
    name="stuck-on-discharge",
    title="The light always shows a discharge",
    what_is_broken="The light that tells of power to the grid never goes out, whatever the charger does.",
    must_fail=("LIGHT-V2X.P002", "LIGHT-V2X.P003"),
    may_fail=("LIGHT-V2X.P001",),
    run=("BI-18",),
    apply=_break,
)
