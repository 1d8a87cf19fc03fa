"""Asked about no transaction, it says that none runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "GetTransactionStatusResponse":
            return {"ongoingIndicator": False, **payload}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="speaks-of-no-session",
    title="Says whether a session runs when it was asked about none",
    what_is_broken="Asked only for messages that wait, the charger says that a session does not run.",
    must_fail=("OCPP-E14.P002", "OCPP-E14.R006"),
    run=("OCPP-E14.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
