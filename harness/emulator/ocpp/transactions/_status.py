"""Connector states: what is free, taken, out of service or broken, and telling it on change (block G)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.emulator._ports import PlantEvent
from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, CallFailed, Offline
from harness.emulator.ocpp.provisioning._hardware import connectors_of
from harness.emulator.ocpp.provisioning._model import Json

EVENT_IDS = 1_000_000  # so many for each EVSE: they are unique in the station


class Status:
    """The connectors of its EVSE; a plugged one is Occupied, the other stays as it is (G01.FR.08)."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._connectors = connectors_of(client.evse)
        self._kept = "inoperative" if client.evse == 1 else f"inoperative-{client.evse}"
        self._inoperative: set[int] = set(client.storage.load(self._kept, []))
        self._pending: set[int] = set()
        self.firmware_pending = False
        self._faulted = False
        self._told: dict[int, str] = {}
        self._known: dict[int, str] = {}
        self._event_id = (client.evse - 1) * EVENT_IDS

    def of(self, connector: int) -> str:
        """The connector's state now."""
        if self._faulted:
            return "Faulted"
        running = self._client.transactions.current
        in_use = running is not None and running.connector in (None, connector)
        plugged = self._client.plant.plugged_connector == connector
        if connector in self._inoperative and not (in_use and plugged):
            return "Unavailable"
        if self._client.evses[1].status.firmware_pending and not in_use:
            return "Unavailable"
        if plugged:
            return "Occupied"
        return "Available" if self._client.reservations.of(self._client.evse) is None else "Reserved"

    def states(self) -> list[str]:
        """The states of all connectors."""
        return [self.of(connector) for connector in self._connectors]

    def operative(self, connector: int) -> bool:
        """Whether a new transaction may use the connector."""
        pending = self._client.evses[1].status.firmware_pending
        return connector not in self._inoperative and not pending and not self._faulted

    def on_plant(self, event: PlantEvent) -> None:
        """Something physical happened."""
        if event.what == "fault":
            self._faulted = event.value not in ("", "cleared", "none")
        self.changed()

    def changed(self) -> None:
        """Tell the CSMS about connectors whose state it does not know yet."""
        over = self._client.transactions.current is None
        due = {connector for connector in self._pending if over or self._left(connector)}
        if due:
            self._inoperative |= due
            self._pending -= due
            self._save()
        for connector in self._connectors:
            state = self.of(connector)
            self._mirror(connector, state)
            if self._told.get(connector) != state:
                action, payload = self.message(connector)
                self._told[connector] = state
                self._client.outbox.put(action, payload, on_reply=self._delivered(connector, state))

    def _left(self, connector: int) -> bool:
        """Whether its car has just gone: then what is scheduled is told instead of Available (G01.FR.05)."""
        return self._told.get(connector) == "Occupied" and self._client.plant.plugged_connector != connector

    def catch_up(self) -> None:
        """Tell what changed while the report after a connection was under way, and nothing could be queued."""
        for connector in self._connectors:
            if self._known.get(connector) != self.of(connector):
                self._told.pop(connector, None)
        self.changed()

    async def report(self, *, everything: bool) -> None:
        """After a boot all connectors; after a short outage only those that changed meanwhile (B04)."""
        for connector in self._connectors:
            self._mirror(connector, self.of(connector))
            if everything or self._known.get(connector) != self.of(connector):
                await self.send(connector)

    async def send(self, connector: int, *, classic: bool = False) -> None:
        """One connector's state, now."""
        action, payload = self.message(connector, classic=classic)
        state = self._told[connector] = self.of(connector)
        try:
            await self._client.call(action, payload, triggered=classic)
        except (CallFailed, Offline):
            return
        self._known[connector] = state

    def message(self, connector: int, *, classic: bool = False) -> tuple[str, Json]:
        """StatusNotification in 2.0.1; in 2.1 a NotifyEvent, which took its place (B01.FR.05), unless asked for."""
        now = self._client.time.text()
        if classic or self._client.model.version == "ocpp2.0.1":
            state: Json = {"timestamp": now, "connectorStatus": self.of(connector), "evseId": self._client.evse}
            state["connectorId"] = connector
            return "StatusNotification", state
        self._event_id += 1
        event: Json = {
            "eventId": self._event_id,
            "timestamp": now,
            "trigger": "Delta",
            "actualValue": self.of(connector),
            "component": {"name": "Connector", "evse": {"id": self._client.evse, "connectorId": connector}},
            "variable": {"name": "AvailabilityState"},
            "eventNotificationType": "HardWiredNotification",
        }
        return "NotifyEvent", {"generatedAt": now, "seqNo": 0, "tbc": False, "eventData": [event]}

    @answers("ChangeAvailability")
    def change_availability(self, request: Json) -> Answer | Json:
        """G03 and G04; Inoperative waits for a running transaction and survives a reboot."""
        evse = request.get("evse", {})
        meant = _meant(self._client.evses, evse.get("id", 0))
        if not meant:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "UnknownEvse"}}
        connector = evse.get("connectorId")
        if connector is not None and not any(connector in connectors_of(each.evse) for each in meant):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "UnknownConnectorId"}}
        operative = request["operationalStatus"] == "Operative"
        waits = [each.status.put(connector, operative=operative) for each in meant]
        return {"status": "Scheduled"} if any(waits) else Answer({"status": "Accepted"}, self._all_changed)

    def put(self, connector: int | None, *, operative: bool) -> bool:
        """Put one or all connectors of this EVSE in or out of service; whether that waits for a running transaction."""
        connectors = set(self._connectors if connector is None else (connector,))
        if operative:
            self._inoperative -= connectors
            self._pending -= connectors
        else:
            running = self._client.transactions.current
            if running is not None and (running.connector is None or running.connector in connectors):
                self._pending |= connectors
                return True
            self._inoperative |= connectors
        self._save()
        return False

    def _all_changed(self) -> None:
        for evse in self._client.evses.values():
            evse.status.changed()

    def forget(self) -> None:
        """A reboot: the CSMS will be told everything anew."""
        self._told.clear()
        self._known.clear()

    def _delivered(self, connector: int, state: str) -> Callable[[Json], None]:
        def note(_: Json) -> None:
            self._known[connector] = state

        return note

    def _mirror(self, connector: int, state: str) -> None:
        mine, evses = self._client.evse, self._client.evses.values()
        for component, at in (("Connector", (mine, connector)), ("EVSE", (mine, 0)), ("ChargingStation", (0, 0))):
            found = self._client.model.find(component, "AvailabilityState", "", *at)
            if found is not None:
                states = [
                    each.status.of(c) for each in evses if at[0] in (0, each.evse) for c in connectors_of(each.evse)
                ]
                found.value = state if at[1] else next((s for s in ("Faulted", "Occupied") if s in states), states[0])

    def _save(self) -> None:
        self._client.storage.save(self._kept, sorted(self._inoperative))


def _meant(evses: Mapping[int, Client], number: int) -> list[Client]:
    """The EVSEs that a request is about: 0 means all of them."""
    return list(evses.values()) if number == 0 else [evses[number]] if number in evses else []
