"""Schedules a reset for the session's end, and never makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def forgetful(plain: Any) -> Any:
        return lambda: None

    swap(ocpp_of(station).provisioning, "idle", forgetful)


DEFECT = Defect(
    name="never-makes-a-reset-that-waits",
    title="Never makes a reset that it put off",
    what_is_broken="A reset that is to wait for the session's end is scheduled, and never comes.",
    must_fail=("OCPP-B12.P001",),
    run=("OCPP-B12.P001",),
    may_fail=("OCPP-B12.R001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
