"""Asked for its schedule in watt, it tells those of one phase."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


Period = Callable[..., dict[str, Any]]


def _break(station: Station) -> None:
    def of_one_phase(period_json: Period) -> Period:
        def told(step: Any, unit: str, *at: Any) -> dict[str, Any]:
            period = period_json(step, unit, *at)
            share = step.flow.phases if unit == "W" else 1
            return {**period, "limit": round(period["limit"] / share, 3)}

        return told

    swap(ocpp_of(station).schedule_reports, "period_json", of_one_phase)


DEFECT = Defect(
    name="schedule-in-watt-per-phase",
    title="Its schedule in watt is that of one phase",
    what_is_broken="Asked for its schedule in watt, the charger tells a third of it: what one of three phases carries.",
    must_fail=("OCPP-K08.P003",),
    run=("OCPP-K08.P003",),
    depth="acceptance",
    apply=_break,
)
