"""Tells that somebody was authorized, and not who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "TransactionEventRequest" and payload["triggerReason"] == "Authorized":
            return {k: v for k, v in payload.items() if k != "idToken"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="authorizes-without-a-token",
    title="Tells of an authorization without its token",
    what_is_broken="The event about an authorization at the charger lacks the idToken.",
    must_fail=("OCPP-E02.P001", "OCPP-E02.R001"),
    run=("OCPP-E02.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
