"""The EVSEs of a station: the first one's blocks are the client's own; each further one has its own."""

from __future__ import annotations

from collections.abc import Sequence
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


class Evses(dict[int, "OcppClient"]):
    """By number the client as each EVSE's blocks see it, and what hangs on all EVSEs together."""

    def __init__(self, station: OcppClient, further: Sequence[PlantPort]) -> None:
        super().__init__({1: station})
        for number, plant in enumerate(further, 2):
            self[number] = cast("OcppClient", FurtherEvse(station, number, plant))

    @property
    def busy(self) -> bool:
        """Whether a transaction runs at any of them."""
        return any(evse.transactions.current is not None for evse in self.values())

    def where(self, transaction_id: str) -> OcppClient | None:
        """The EVSE at which this transaction runs."""
        running = ((evse, evse.transactions.current) for evse in self.values())
        return next((evse for evse, tx in running if tx is not None and tx.id == transaction_id), None)

    def sharers(self, number: int) -> int:
        """How many share what the whole station may draw: this one, and those whose transaction may charge."""
        others = (evse.transactions.current for other, evse in self.items() if other != number)
        return 1 + sum(tx is not None and tx.power_path_at is not None for tx in others)

    def refresh(self) -> None:
        """Work out the limits of all anew: what one of them may draw can hang on what runs at another."""
        for evse in self.values():
            evse.smart_charging.refresh()
