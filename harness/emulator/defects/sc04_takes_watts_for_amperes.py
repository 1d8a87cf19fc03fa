"""Reads the number of a limit in watt as if it were ampere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def blind_to_units(install: Callable[[Profile], None]) -> Callable[[Profile], None]:
        def in_amperes(profile: Profile) -> None:
            schedules = tuple(replace(each, unit="A") for each in profile.schedules)
            install(replace(profile, schedules=schedules) if profile.source == "CSO" else profile)

        return in_amperes

    swap(ocpp_of(station).smart_charging, "install", blind_to_units)


DEFECT = Defect(
    name="takes-watts-for-amperes",
    title="Ignores the unit of a limit",
    what_is_broken="A limit of 5520 W is taken as 5520 A, and so limits nothing; limits in ampere work.",
    must_fail=("OCPP-K01.P005",),
    run=("SC-04",),
    apply=_break,
)
