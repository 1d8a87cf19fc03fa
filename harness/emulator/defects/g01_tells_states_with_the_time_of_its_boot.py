"""Tells the state of a connector with the time at which it booted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, ocpp_of, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    time = ocpp_of(station).time
    booted: list[str] = []

    def of_the_boot(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "BootNotificationRequest":
            booted[:] = [time.text()]
        if message not in ("StatusNotificationRequest", "NotifyEventRequest") or not booted:
            return payload
        told: dict[str, Any] = everywhere(payload, lambda key, value: booted[0] if key in _TIMES else value)
        return told

    says(station, of_the_boot)


_TIMES = ("timestamp", "generatedAt")

DEFECT = Defect(
    name="tells-states-with-the-time-of-its-boot",
    title="Tells states with the time of its boot",
    what_is_broken="What it tells of its connectors bears the time at which the charger started.",
    must_fail=("OCPP-G01.P401",),
    may_fail=("OCPP-B01.P110",),
    run=("OCPP-G01.P401",),
    depth="acceptance",
    apply=_break,
)
