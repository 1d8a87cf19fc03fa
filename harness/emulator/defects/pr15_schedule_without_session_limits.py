"""Its composite schedule leaves out the limits for charging sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import Step, composite
from harness.emulator.ocpp.smart_charging._profiles import TX, TX_DEFAULT

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def without(start: float, duration_s: float) -> list[Step]:
        counted = [each for each in smart.active() if each.purpose not in (TX, TX_DEFAULT)]
        return composite(counted, start, duration_s, smart.situation(), smart.hardware)

    swap(smart, "composite", lambda _: without)


DEFECT = Defect(
    name="schedule-without-session-limits",
    title="Its schedule forgets the limits for sessions",
    what_is_broken="The schedule that the charger reports leaves out the limits for charging sessions, the lower ones.",
    must_fail=("OCPP-K08.P001", "OCPP-K08.P002"),
    run=("PR-15", "SC-09"),
    apply=_break,
)
