"""Unlocks a connector that is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "UnlockConnectorResponse" and payload["status"] == "OngoingAuthorizedTransaction":
            return {"status": "Unlocked"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="unlocks-while-charging",
    title="Unlocks a connector while a car charges at it",
    what_is_broken="Asked from afar, the charger says that it unlocked a connector in the middle of a session.",
    must_fail=("OCPP-F05.P001",),
    run=("OCPP-F05.P001",),
    may_fail=("OCPP-F05.R002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
