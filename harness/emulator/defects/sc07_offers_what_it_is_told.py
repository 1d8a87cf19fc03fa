"""Offers a limit above its rating, and above what the cable bears, as it was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart, ratings = ocpp_of(station).smart_charging, station.plant.ratings

    def generous(plain: Callable[[], float]) -> Callable[[], float]:
        def offered_a() -> float:
            told = [(each.schedules[0].unit, each.schedules[0].periods[0].limit or 0.0) for each in smart.active()]
            amps = [limit if unit == "A" else limit / ratings.phases / ratings.nominal_v for unit, limit in told]
            return min(80.0, max((each for each in amps if each > ratings.max_a), default=plain()))

        return offered_a

    swap(station.plant, "offered_a", generous)


DEFECT = Defect(
    name="offers-what-it-is-told",
    title="Offers more than its rating when it is told to",
    what_is_broken="A limit above the station's rating stands on the pilot as it was sent, whatever the cable bears.",
    must_fail=("CP-A.P401", "CP-A.P402"),
    run=("CP-A.P401", "CP-A.P402"),
    depth="thorough",
    apply=_break,
)
