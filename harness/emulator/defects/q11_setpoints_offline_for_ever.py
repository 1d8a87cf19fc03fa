"""Ignores for how long a setpoint may hold offline."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        def for_ever(profile: Any) -> None:
            steers = any(period.setpoint is not None for plan in profile.schedules for period in plan.periods)
            inner(dataclasses.replace(profile, max_offline_s=None) if steers else profile)

        return for_ever

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="setpoints-offline-for-ever",
    title="Ignores how long a setpoint may hold offline",
    what_is_broken=(
        "A setpoint towards the grid with a maxOfflineDuration goes on being followed however long the backend is away."
    ),
    must_fail=("OCPP-Q11.P101",),
    run=("OCPP-Q11.P101",),
    apply=_break,
    depth="acceptance",
)
