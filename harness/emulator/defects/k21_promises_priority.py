"""Accepts that a session gets priority, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging
    swap(smart, "use_priority_charging", lambda _: lambda request: {"status": "Accepted"})


DEFECT = Defect(
    name="promises-priority",
    title="Promises priority charging",
    what_is_broken="Priority for a session is accepted, whatever the session; its limits stay, and nothing is told.",
    must_fail=("OCPP-K21.P401", "OCPP-K21.P402", "OCPP-K21.P403"),
    run=("OCPP-K21.P401", "OCPP-K21.P402", "OCPP-K21.P403"),
    depth="acceptance",
    apply=_break,
)
