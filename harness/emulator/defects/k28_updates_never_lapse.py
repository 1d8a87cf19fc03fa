"""A dynamic limit holds for ever, although its duration is over."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        def for_ever(profile: Any) -> None:
            if profile.kind == "Dynamic":
                plans = tuple(dataclasses.replace(plan, duration_s=None) for plan in profile.schedules)
                profile = dataclasses.replace(profile, schedules=plans)
            inner(profile)

        return for_ever

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="updates-never-lapse",
    title="Dynamic limits outlive their duration",
    what_is_broken=("A dynamic profile that is not updated within its duration goes on being followed."),
    must_fail=("OCPP-K28.P102",),
    run=("OCPP-K28.P102",),
    apply=_break,
    depth="acceptance",
)
