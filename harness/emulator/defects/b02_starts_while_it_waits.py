"""Told to wait, it promises to start a session all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "RequestStartTransactionResponse":
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="starts-while-it-waits",
    title="Accepts a remote start while it is told to wait",
    what_is_broken="While the backend has it wait, the charger answers Accepted to a remote start.",
    must_fail=("OCPP-B02.P001", "OCPP-B02.R005"),
    run=("OCPP-B02.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
