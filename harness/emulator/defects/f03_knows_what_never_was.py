"""Says yes to sessions, reservations, reports and extensions that there never were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("RequestStopTransactionResponse", "Rejected"): {"status": "Accepted"},
    ("CancelReservationResponse", "Rejected"): {"status": "Accepted"},
    ("GetReportResponse", "EmptyResultSet"): {"status": "Accepted"},
    ("DataTransferResponse", "UnknownVendorId"): {"status": "Accepted"},
}


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "GetTransactionStatusResponse":
            return {**payload, "ongoingIndicator": True}
        return _INSTEAD.get((message, str(payload.get("status"))), payload)

    says(station, otherwise)


DEFECT = Defect(
    name="knows-what-never-was",
    title="Takes requests about what there never was",
    what_is_broken="It stops sessions, cancels reservations and promises reports of what it does not know.",
    must_fail=("OCPP-B08.P110", "OCPP-E14.P003", "OCPP-F03.P110", "OCPP-H02.P001", "OCPP-P01.P001"),
    run=("OCPP-B08.P110", "OCPP-E14.P003", "OCPP-F03.P110", "OCPP-H02.P001", "OCPP-P01.P001"),
    may_fail=("OCPP-B08.R003", "OCPP-F03.R002", "OCPP-F03.R008", "OCPP-H02.R001"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
