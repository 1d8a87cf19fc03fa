"""States its composite schedule in more periods than it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Schedule = Callable[[dict[str, Any]], dict[str, Any]]
EVERY_S = 20


def _alter(station: Station) -> None:
    def cut_up(get: Schedule) -> Schedule:
        def made(request: dict[str, Any]) -> dict[str, Any]:
            answer = get(request)
            schedule = answer.get("schedule")
            if schedule is not None:
                periods = schedule["chargingSchedulePeriod"]
                starts = sorted({p["startPeriod"] for p in periods} | set(range(0, schedule["duration"], EVERY_S)))
                schedule["chargingSchedulePeriod"] = [
                    {**[p for p in periods if p["startPeriod"] <= at][-1], "startPeriod": at, "numberPhases": 3}
                    for at in starts
                ]
            return answer

        return made

    swap(ocpp_of(station).schedule_reports, "get_composite_schedule", cut_up)


VARIANT = Variant(
    name="unmerged-schedule",
    title="A composite schedule in slices of 20 s",
    what_is_unusual="Neighbouring periods of its composite schedule say the same, each with numberPhases.",
    why_legal="What counts is the limit at each moment; nothing asks for the fewest periods.",
    clauses=("OCPP 2.0.1 K08.FR.02, K08.FR.04",),
    touches=("SC-09.5", "PR-15.5"),
    apply=_alter,
)
