"""Of a schedule in steps it follows the first one only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile, Schedule

if TYPE_CHECKING:
    from harness.emulator._station import Station


Active = Callable[[], list[Profile]]


def _first(schedule: Schedule) -> Schedule:
    return replace(schedule, periods=schedule.periods[:1])


def _break(station: Station) -> None:
    def stuck(active: Active) -> Active:
        return lambda: [replace(p, schedules=tuple(_first(s) for s in p.schedules)) for p in active()]

    swap(ocpp_of(station).smart_charging, "active", stuck)


DEFECT = Defect(
    name="stays-in-the-first-step",
    title="Never gets to a schedule's second step",
    what_is_broken="Of a schedule in steps, of limits or of setpoints, the charger follows the first for all time.",
    must_fail=("OCPP-K01.P104", "OCPP-Q04.P102"),
    run=("OCPP-K01.P104", "OCPP-Q04.P102"),
    depth="acceptance",
    apply=_break,
)
