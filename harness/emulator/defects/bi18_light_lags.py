"""Its light follows the power four seconds late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

LATE_NS = 4_000_000_000


def _break(station: Station) -> None:
    swap(station.panel, "follow_s", lambda _: LATE_NS / 1e9)


DEFECT = Defect(
    name="light-lags",
    title="The light follows too late",
    what_is_broken="The light shows the beginning and the end of a discharge four seconds late.",
    must_fail=("LIGHT-V2X.P001", "LIGHT-V2X.P002"),
    may_fail=("LIGHT-V2X.P003",),
    run=("BI-18",),
    apply=_break,
)
