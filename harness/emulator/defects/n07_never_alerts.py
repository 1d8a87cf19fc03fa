"""Watches a monitor, and never tells what it saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).monitoring, "_tell", lambda _: lambda number, each, value: None)


DEFECT = Defect(
    name="never-alerts",
    title="Does not tell that a threshold was passed",
    what_is_broken="The charger accepts a monitor, and says nothing when its threshold is passed.",
    must_fail=("OCPP-N07.P001",),
    run=("OCPP-N07.P001",),
    may_fail=("OCPP-N07.R007",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
