"""Tells a fault by an event about the EVSE's problem; its connector stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._ports import PlantEvent
    from harness.emulator._station import Station

EVENT_IDS = 500_000_000  # of its own


def _alter(station: Station) -> None:
    client = ocpp_of(station)
    numbers = iter(range(EVENT_IDS, 2 * EVENT_IDS))

    def of(inner: Any) -> Any:
        def state(connector: int) -> str:
            told = str(inner(connector))
            if told != "Faulted":
                return told
            return "Unavailable" if client.plant.plugged_connector != connector else "Occupied"

        return state

    def on_plant(event: PlantEvent) -> None:
        if event.what != "fault" or not client.on:
            return
        now = client.time.text()
        about: dict[str, Any] = {
            "eventId": next(numbers),
            "timestamp": now,
            "trigger": "Delta",
            "actualValue": "true" if event.value else "false",
            "component": {"name": "EVSE", "evse": {"id": client.evse}},
            "variable": {"name": "Problem"},
            "eventNotificationType": "HardWiredNotification",
        }
        client.outbox.put("NotifyEvent", {"generatedAt": now, "seqNo": 0, "tbc": False, "eventData": [about]})

    swap(client.status, "of", of)
    client.plant.subscribe(on_plant)


VARIANT = Variant(
    name="tells-faults-as-events",
    title="Tells a fault as a problem of its EVSE",
    what_is_unusual="While the control pilot is at fault, EVSE.Problem is told; the connector stays Occupied.",
    why_legal="A hard-wired notification about a component's Problem is how the device model tells a fault.",
    clauses=("OCPP 2.0.1 N07", "OCPP 2.0.1 G05.FR.02"),
    touches=("SC-09.2", "SC-07"),
    apply=_alter,
)
