"""Says that it is out of service at once, while a car charges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "ChangeAvailabilityResponse" and payload["status"] == "Scheduled":
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="breaks-sessions-off",
    title="Goes out of service in the middle of a session",
    what_is_broken="Taken out of service while a car charges, the charger says that it is so at once.",
    must_fail=("OCPP-G03.P002", "OCPP-G03.P115", "OCPP-G04.P004"),
    run=("OCPP-G03.P002", "OCPP-G03.P115", "OCPP-G04.P004"),
    may_fail=("OCPP-G03.R005",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
