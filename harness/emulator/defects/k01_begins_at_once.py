"""Follows a limit for later at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def install(inner: Any) -> Any:
        def at_once(profile: Any) -> None:
            now = client.time.now()
            plans = tuple(
                dataclasses.replace(plan, start=now) if plan.start is not None and plan.start > now else plan
                for plan in profile.schedules
            )
            inner(dataclasses.replace(profile, valid_from=None, schedules=plans))

        return at_once

    for evse in client.evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="begins-at-once",
    title="Limits for later bind at once",
    what_is_broken=(
        "The moment at which a schedule starts, or a profile becomes valid, is ignored when it lies ahead."
    ),
    must_fail=("OCPP-K01.P126",),
    may_fail=("OCPP-K01.P125",),
    run=("OCPP-K01.P126",),
    apply=_break,
    depth="acceptance",
)
