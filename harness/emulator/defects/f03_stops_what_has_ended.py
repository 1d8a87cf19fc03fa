"""Accepts to stop what does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "RequestStopTransactionResponse":
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="stops-what-has-ended",
    title="Accepts the stop of a session that has ended",
    what_is_broken="The charger answers Accepted to the stop of a session that is over.",
    must_fail=("OCPP-F03.P001", "OCPP-F03.R008"),
    run=("OCPP-F03.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
