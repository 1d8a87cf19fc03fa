"""Accepts a start with a charging profile that is none for a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).smart_charging, "fault_of_start_profile", lambda inner: lambda raw: None)


DEFECT = Defect(
    name="starts-with-any-limit",
    title="Starts with a limit that is none for a session",
    what_is_broken=("RequestStartTransaction with a charging profile for the whole station is accepted."),
    must_fail=("OCPP-F01.P102",),
    run=("OCPP-F01.P102",),
    apply=_break,
    depth="acceptance",
)
