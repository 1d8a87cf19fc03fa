"""Says yes to the reset of any EVSE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("ResetResponse", "Rejected"): {"status": "Accepted"},
    ("SetNetworkProfileResponse", "Rejected"): {"status": "Accepted"},
}


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        return _INSTEAD.get((message, str(payload.get("status"))), payload)

    says(station, otherwise)


DEFECT = Defect(
    name="resets-any-evse",
    title="Accepts resets of EVSEs and slots of networks that there are not",
    what_is_broken="It accepts to reset an EVSE that there is not or that cannot be, and takes any slot.",
    must_fail=("OCPP-B09.P001", "OCPP-B11.P110", "OCPP-B11.P111"),
    run=("OCPP-B09.P001", "OCPP-B11.P110", "OCPP-B11.P111"),
    may_fail=("OCPP-B11.R003",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
