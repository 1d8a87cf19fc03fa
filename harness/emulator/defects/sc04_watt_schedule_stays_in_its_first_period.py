"""A schedule of several periods in W stays in its first period at the meter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging

    def first(profile: Any) -> Any:
        cut = tuple(replace(s, periods=s.periods[:1]) if s.unit == "W" else s for s in profile.schedules)
        return replace(profile, schedules=cut)

    def stuck(_now: Any) -> Any:
        return lambda: flow_at([first(p) for p in smart.active()], client.time.now(), smart.situation(), smart.hardware)

    swap(smart, "flow_now", stuck)


DEFECT = Defect(
    name="watt-schedule-stays-in-its-first-period",
    title="Never leaves the first period of a schedule in W",
    what_is_broken=(
        "A schedule of several periods in W stays in its first period at the meter; in A it is followed, and "
        "the composite is right."
    ),
    must_fail=("OCPP-K01.P108",),
    run=("OCPP-K01.P108",),
    depth="acceptance",
    apply=_break,
)
