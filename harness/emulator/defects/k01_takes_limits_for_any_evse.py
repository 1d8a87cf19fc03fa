"""Accepts a limit for an EVSE that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "SetChargingProfileResponse" and "UnknownEvse" in str(payload):
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="takes-limits-for-any-evse",
    title="Accepts a limit for an EVSE that there is not",
    what_is_broken="A limit for an EVSE with an impossible number is answered Accepted.",
    must_fail=("OCPP-K01.P031", "OCPP-K01.R028"),
    run=("OCPP-K01.P031",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
