"""A further EVSE of the station: its own transactions, meter, connectors and limits; all else is the station's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from harness.emulator._ports import PlantEvent, PlantPort

from ._metering import Metering
from ._smart_charging import SmartCharging
from ._status import Status
from ._transaction_events import TransactionEvents
from ._transactions import Transactions

if TYPE_CHECKING:
    from ._client import OcppClient


class FurtherEvse:
    """What the blocks of EVSE 2 and further hold as their client: `evse`, `plant` and those blocks are its own.

    Every other name is looked up at the station, which keeps the blocks of EVSE 1 under the same names itself.
    """

    def __init__(self, station: OcppClient, number: int, plant: PlantPort) -> None:
        self._station = station
        self.evse = number
        self.plant = plant
        client = cast("OcppClient", self)
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
