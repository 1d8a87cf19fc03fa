"""Says yes to every start from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("RequestStartTransactionResponse", "Rejected"): {"status": "Accepted"},
}


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        return _INSTEAD.get((message, str(payload.get("status"))), payload)

    says(station, otherwise)


DEFECT = Defect(
    name="starts-anywhere",
    title="Accepts a start at an EVSE that is not free",
    what_is_broken="A start is accepted where there is no EVSE, one out of service, or one where a driver charges.",
    must_fail=("OCPP-F01.P110", "OCPP-F01.P111", "OCPP-F01.P112"),
    run=("OCPP-F01.P110", "OCPP-F01.P111", "OCPP-F01.P112"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
