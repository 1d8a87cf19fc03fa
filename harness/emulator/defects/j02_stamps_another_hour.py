"""Stamps its meter values with another hour than their event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere
from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def earlier(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        def shift(_: str, value: Any) -> Any:
            if isinstance(value, dict) and "sampledValue" in value:
                at = datetime.fromisoformat(value["timestamp"]) - timedelta(hours=1)
                return {**value, "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
            return value

        changed: dict[str, Any] = everywhere(payload, shift) if message == "TransactionEventRequest" else payload
        return changed

    says(station, earlier)


DEFECT = Defect(
    name="stamps-another-hour",
    title="Meter values of another hour",
    what_is_broken="The time of its meter values is an hour before that of the event that tells them.",
    must_fail=("OCPP-J02.P106",),
    run=("OCPP-J02.P002", "OCPP-J02.P105", "OCPP-J02.P106"),
    may_fail=("OCPP-J02.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
