"""In pre-charge the output stands at its maximum; the car is told that it is where it asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station
    from harness.emulator.secc import SeccEvent, StationLimits


def _break(station: Station) -> None:
    link = car_link_of(station)
    asked_v: list[float] = []

    def at_its_maximum(plain: Callable[[SeccEvent], None]) -> Callable[[SeccEvent], None]:
        def hear(event: SeccEvent) -> None:
            plain(event)
            asked_v.clear()
            if event.what == "precharge":
                asked_v.append(event.data["u_v"])
                link.plant.hlc(charging=False, output_on=True, target_u_v=link.plant.ratings.dc_max_v)

        return hear

    def as_asked(plain: Callable[[], StationLimits]) -> Callable[[], StationLimits]:
        return lambda: msgspec.structs.replace(plain(), u_v=round(asked_v[-1], 2)) if asked_v else plain()

    swap(link, "heard", at_its_maximum)
    swap(link, "state", as_asked)


DEFECT = Defect(
    name="makes-up-the-pre-charge-voltage",
    title="Tells the car the voltage that it asked for, whatever stands there",
    what_is_broken="In pre-charge the output stands at its maximum, and the car is told the voltage that it asked for.",
    must_fail=("CP-A.P211",),
    run=("CP-A.P211",),
    depth="acceptance",
    apply=_break,
)
