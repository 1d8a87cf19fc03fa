"""A pause by a limit is told as one of the car's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def event(inner: Any) -> Any:
        def told(*given: Any, **named: Any) -> Any:
            payload = inner(*given, **named)
            about = payload["transactionInfo"]
            if about["chargingState"] == "SuspendedEVSE":
                about["chargingState"] = "SuspendedEV"
            return payload

        return told

    swap(ocpp_of(station).transaction_events, "event", event)


DEFECT = Defect(
    name="calls-its-own-pause-the-cars",
    title="Blames the car for its own pause",
    what_is_broken="When a limit of zero keeps a car from charging, the charger tells that the car has paused.",
    must_fail=("OCPP-E01.P005",),
    run=("OCPP-E01.P005",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
