"""Accepts UpdateDynamicSchedule and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    accepted = {"status": "Accepted"}
    swap(ocpp_of(station).smart_charging, "update_dynamic_schedule", lambda inner: lambda request: accepted)


DEFECT = Defect(
    name="drops-updates",
    title="Drops updates of dynamic limits",
    what_is_broken=("UpdateDynamicSchedule is accepted, and the profile stays as it was."),
    must_fail=("OCPP-K28.P101", "OCPP-K28.P103", "OCPP-K28.P104"),
    may_fail=("OCPP-K28.P105",),
    run=("OCPP-K28.P101", "OCPP-K28.P103", "OCPP-K28.P104"),
    apply=_break,
    depth="acceptance",
)
