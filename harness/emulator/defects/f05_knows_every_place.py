"""Says yes to EVSEs and connectors that there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("UnlockConnectorResponse", "UnknownConnector"): {"status": "Unlocked"},
    ("ChangeAvailabilityResponse", "Rejected"): {"status": "Accepted"},
    ("GetCompositeScheduleResponse", "Rejected"): {"status": "Accepted"},
    ("TriggerMessageResponse", "Rejected"): {"status": "Accepted"},
    ("ReserveNowResponse", "Rejected"): {"status": "Accepted"},
}


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        return _INSTEAD.get((message, str(payload.get("status"))), payload)

    says(station, otherwise)


DEFECT = Defect(
    name="knows-every-place",
    title="Takes requests for EVSEs and connectors that there are not",
    what_is_broken="To unlock, reserve or put into service what there is not, the charger says yes.",
    must_fail=("OCPP-F05.P002", "OCPP-F06.P110", "OCPP-G03.P110", "OCPP-H01.P110", "OCPP-K08.P110"),
    run=("OCPP-F05.P002", "OCPP-F06.P110", "OCPP-G03.P110", "OCPP-H01.P110", "OCPP-K08.P110"),
    may_fail=("OCPP-F06.R010", "OCPP-K08.R002"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
