"""Reserves one EVSE for two drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "ReserveNowResponse" and payload["status"] == "Occupied":
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="reserves-twice",
    title="Reserves what is reserved already",
    what_is_broken="An EVSE that is reserved for one driver is promised to another.",
    must_fail=("OCPP-H01.P001",),
    run=("OCPP-H01.P001",),
    may_fail=("OCPP-H01.R011",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
