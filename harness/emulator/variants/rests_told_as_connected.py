"""Tells a pause of the car as EVConnected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def event(inner: Any) -> Any:
        def told(*given: Any, **named: Any) -> Any:
            payload = inner(*given, **named)
            about = payload["transactionInfo"]
            if about["chargingState"] == "SuspendedEV":
                about["chargingState"] = "EVConnected"
            return payload

        return told

    swap(ocpp_of(station).transaction_events, "event", event)


VARIANT = Variant(
    name="rests-told-as-connected",
    title="Tells a pause of the car as EVConnected",
    what_is_unusual="When the car rests, the session is told as connected, not as suspended by the car.",
    why_legal="To tell SuspendedEV is a recommendation; that a car is connected is true.",
    clauses=("OCPP 2.0.1 E01.FR.19", "OCPP 2.0.1 ChargingStateEnumType"),
    touches=("SC-09.3",),
    apply=_alter,
)
