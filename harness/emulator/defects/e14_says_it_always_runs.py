"""Says of every transaction that it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "GetTransactionStatusResponse" and "ongoingIndicator" in payload:
            return {**payload, "ongoingIndicator": True}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="says-it-always-runs",
    title="Says of a session that has ended that it runs",
    what_is_broken="Asked about a session that has ended, the charger says that it goes on.",
    must_fail=("OCPP-E14.P001", "OCPP-E14.R002"),
    run=("OCPP-E14.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
