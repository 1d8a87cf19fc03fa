"""Follows updates of a dynamic limit and reports the limit from before."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def update(inner: Any) -> Any:
        def in_part(request: Any) -> Any:
            before = smart.profiles.get(request["chargingProfileId"])
            answer = inner(request)
            after = smart.profiles.get(request["chargingProfileId"])
            if before is not None and after is not None:
                smart.profiles.put(dataclasses.replace(after, raw=before.raw))
            return answer

        return in_part

    swap(smart, "update_dynamic_schedule", update)


DEFECT = Defect(
    name="reports-the-limit-before-the-update",
    title="Reports a dynamic limit as it was at first",
    what_is_broken=(
        "After UpdateDynamicSchedule the meter shows the new limit, and ReportChargingProfiles the one from before."
    ),
    must_fail=("OCPP-K28.P104",),
    run=("OCPP-K28.P104",),
    apply=_break,
    depth="acceptance",
)
