"""Its composite schedule tells its first period only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import Step

if TYPE_CHECKING:
    from harness.emulator._station import Station


Composite = Callable[[float, float], list[Step]]


def _break(station: Station) -> None:
    def short(composite: Composite) -> Composite:
        return lambda start, duration_s: composite(start, duration_s)[:1]

    swap(ocpp_of(station).smart_charging, "composite", short)


DEFECT = Defect(
    name="schedule-of-one-period",
    title="Its schedule never changes",
    what_is_broken="The schedule that the charger reports tells what holds now, as if it held for the whole time.",
    must_fail=("OCPP-K08.P002", "OCPP-K08.P003"),
    run=("OCPP-K08.P002", "OCPP-K08.P003"),
    depth="acceptance",
    apply=_break,
)
