"""In its composite schedule the lowest stack level speaks instead of the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import Step, composite
from harness.emulator.ocpp.smart_charging._profiles import Profile

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def lowest_first(start: float, duration_s: float) -> list[Step]:
        counted: dict[str, Profile] = {}
        for each in sorted(smart.active(), key=lambda profile: -profile.stack_level):
            counted[each.purpose] = each
        return composite(list(counted.values()), start, duration_s, smart.situation(), smart.hardware)

    swap(smart, "composite", lambda _: lowest_first)


DEFECT = Defect(
    name="schedule-ignores-stack-level",
    title="Its schedule follows the wrong one of two profiles",
    what_is_broken="Of two profiles for the same purpose the reported schedule follows the one with less authority.",
    must_fail=("OCPP-K08.P002",),
    run=("SC-09",),
    apply=_break,
)
