"""A composite schedule in W is worked out for one phase instead of three where a limit in A counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def period(inner: Any) -> Any:
        def of(step: Any, unit: str, at: Any = None) -> Any:
            out = inner(step, unit, at)
            units = {s.unit for p in client.smart_charging.active() for s in p.schedules}
            if unit == "W" and "A" in units:
                out["limit"] = round(out["limit"] / step.flow.phases, 3)
            return out

        return of

    swap(client.schedule_reports, "period_json", period)


DEFECT = Defect(
    name="composite-in-watt-of-one-phase",
    title="Its schedule in W counts one phase",
    what_is_broken="A composite schedule in W is worked out for one phase instead of three where a limit in A counts.",
    must_fail=("OCPP-K08.P003",),
    run=("OCPP-K08.P003",),
    depth="acceptance",
    apply=_break,
)
