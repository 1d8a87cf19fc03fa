"""Tells another EVSE than before when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "TransactionEventRequest" and "evse" in payload and payload["triggerReason"] == "Trigger":
            return {**payload, "evse": {**payload["evse"], "id": payload["evse"]["id"] + 1}}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="moves-to-another-evse",
    title="A session moves to another EVSE",
    what_is_broken="A session that was started for one EVSE is told of another one when the backend asks for news.",
    must_fail=("OCPP-F02.P001", "OCPP-E01.R010"),
    run=("OCPP-F02.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
