"""Reports each limit one higher than it was set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message != "ReportChargingProfilesRequest":
            return payload
        told: dict[str, Any] = everywhere(payload, lambda key, value: value + 1 if key == "limit" else value)
        return told

    says(station, otherwise)


DEFECT = Defect(
    name="reports-other-limits",
    title="Reports other limits than were set",
    what_is_broken="Asked for its charging profiles, the charger tells limits that are 1 A, or 1 W, too high.",
    must_fail=("OCPP-K09.P001", "OCPP-K09.R004"),
    run=("OCPP-K09.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
