"""Its composite schedule leaves out the limit for the whole station."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import Step, composite
from harness.emulator.ocpp.smart_charging._profiles import STATION_MAX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def without(start: float, duration_s: float) -> list[Step]:
        counted = [each for each in smart.active() if each.purpose != STATION_MAX]
        return composite(counted, start, duration_s, smart.situation(), smart.hardware)

    swap(smart, "composite", lambda _: without)


DEFECT = Defect(
    name="schedule-without-station-limit",
    title="Its schedule forgets the station's own limit",
    what_is_broken="The schedule that the charger reports leaves out the limit that was set for the whole station.",
    must_fail=("OCPP-K08.P002",),
    run=("SC-09",),
    apply=_break,
)
