"""Accepts a limit for a transaction that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "SetChargingProfileResponse" and "TxNotFound" in str(payload):
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="takes-limits-for-ended-sessions",
    title="Accepts a limit for a session that has ended",
    what_is_broken="A limit for a session that is over is answered Accepted.",
    must_fail=("OCPP-K01.P030", "OCPP-K01.R009"),
    run=("OCPP-K01.P030",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
