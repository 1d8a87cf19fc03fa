"""Of limits in different units the smaller number counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import Profile

if TYPE_CHECKING:
    from harness.emulator._station import Station


Active = Callable[[], list[Profile]]


def _number(profile: Profile) -> float:
    limit = profile.schedules[0].periods[0].limit
    return float("inf") if limit is None else limit


def _break(station: Station) -> None:
    def careless(active: Active) -> Active:
        def smallest_number() -> list[Profile]:
            known = active()
            units = {p.schedules[0].unit for p in known}
            return known if len(units) < 2 else [min(known, key=_number)]

        return smallest_number

    swap(ocpp_of(station).smart_charging, "active", careless)


DEFECT = Defect(
    name="compares-watt-with-ampere",
    title="Takes 12 A for less than 5520 W",
    what_is_broken="Of a limit in watt and one in ampere the charger follows the one with the smaller number.",
    must_fail=("OCPP-K01.P023", "OCPP-K08.P003"),
    run=("OCPP-K01.P023", "OCPP-K08.P003"),
    depth="acceptance",
    apply=_break,
)
