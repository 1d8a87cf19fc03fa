"""The EVSEs of a station: the first one's blocks are the client's own; each further one has its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast

from harness.emulator._ports import PlantEvent, PlantPort
from harness.emulator.ocpp._view import Client, Evses
from harness.emulator.ocpp.smart_charging._smart_charging import SmartCharging
from harness.emulator.ocpp.transactions._metering import Metering
from harness.emulator.ocpp.transactions._status import Status
from harness.emulator.ocpp.transactions._transaction_events import TransactionEvents
from harness.emulator.ocpp.transactions._transactions import Transactions


class OcppStation(Client, Protocol):
    """The station itself, whose profiles and external limit those of all EVSEs are."""

    @property
    def smart_charging(self) -> SmartCharging: ...


class FurtherEvse:
    """What the blocks of EVSE 2 and further hold as their client: `evse`, `plant` and those blocks are its own.

    Every other name is looked up at the station, which keeps the blocks of EVSE 1 under the same names itself.
    """

    def __init__(self, station: OcppStation, number: int, plant: PlantPort) -> None:
        self._station = station
        self.evse = number
        self.plant = plant
        client = cast("Client", self)
        self.status = Status(client)
        self.metering = Metering(client)
        self.transactions = Transactions(client)
        self.transaction_events = TransactionEvents(client)
        self.smart_charging = SmartCharging(client, station.smart_charging)
        plant.subscribe(self.on_plant)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._station, name)

    def on_plant(self, event: PlantEvent) -> None:
        """The plant of this EVSE reports."""
        if self._station.on:
            self.status.on_plant(event)
            self.transactions.on_plant(event)
            self.status.changed()


def evses_of(station: OcppStation, further: Sequence[PlantPort]) -> Evses:
    """The station itself as its EVSE 1, and each further one with blocks of its own, by number."""
    found = Evses({1: station})
    for number, plant in enumerate(further, 2):
        found[number] = cast("Client", FurtherEvse(station, number, plant))
    return found
