"""A schedule that is over goes on binding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile, Schedule

if TYPE_CHECKING:
    from harness.emulator._station import Station


Active = Callable[[], list[Profile]]


def _endless(schedule: Schedule) -> Schedule:
    return replace(schedule, duration_s=None)


def _break(station: Station) -> None:
    def everlasting(active: Active) -> Active:
        return lambda: [replace(p, valid_to=None, schedules=tuple(_endless(s) for s in p.schedules)) for p in active()]

    swap(ocpp_of(station).smart_charging, "active", everlasting)


DEFECT = Defect(
    name="knows-no-end",
    title="Follows a schedule that is over",
    what_is_broken="Neither the duration of a schedule nor the end of a profile's validity makes the charger leave it.",
    must_fail=("OCPP-K01.P105",),
    run=("OCPP-K01.P105",),
    depth="acceptance",
    apply=_break,
)
