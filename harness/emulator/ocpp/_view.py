"""The emulated station's OCPP client as its blocks see it: `client.transactions`, `client.evses[2]`, `client.call`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from harness.emulator._ports import PlantPort
from harness.emulator.ocpp._blocks import (
    AuthorizationBlock,
    CertificatesBlock,
    ConnectionBlock,
    DerControlsBlock,
    FirmwareBlock,
    LogsBlock,
    MeteringBlock,
    NetworkBlock,
    OutboxBlock,
    ProvisioningBlock,
    RenewalBlock,
    ReservationsBlock,
    SecurityBlock,
    SmartChargingBlock,
    StatusBlock,
    TransactionEventsBlock,
    TransactionsBlock,
    V2xBlock,
)
from harness.emulator.ocpp._config import StationConfig
from harness.emulator.ocpp._storage import Storage
from harness.emulator.ocpp._times import StationTime
from harness.emulator.ocpp.line._rpc import Handler
from harness.emulator.ocpp.provisioning._model import DeviceModel, Json


class Client(Protocol):
    """What every block holds: the station, or its EVSE 2 and further, which has its own blocks under the same names."""

    @property
    def evse(self) -> int: ...
    @property
    def config(self) -> StationConfig: ...
    @property
    def plant(self) -> PlantPort: ...
    @property
    def time(self) -> StationTime: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def model(self) -> DeviceModel: ...
    @property
    def evses(self) -> Evses: ...
    @property
    def connection(self) -> ConnectionBlock: ...
    @property
    def outbox(self) -> OutboxBlock: ...
    @property
    def security(self) -> SecurityBlock: ...
    @property
    def certificates(self) -> CertificatesBlock: ...
    @property
    def network_profiles(self) -> NetworkBlock: ...
    @property
    def provisioning(self) -> ProvisioningBlock: ...
    @property
    def authorization(self) -> AuthorizationBlock: ...
    @property
    def reservations(self) -> ReservationsBlock: ...
    @property
    def status(self) -> StatusBlock: ...
    @property
    def metering(self) -> MeteringBlock: ...
    @property
    def transactions(self) -> TransactionsBlock: ...
    @property
    def transaction_events(self) -> TransactionEventsBlock: ...
    @property
    def der(self) -> DerControlsBlock: ...
    @property
    def smart_charging(self) -> SmartChargingBlock: ...
    @property
    def v2x(self) -> V2xBlock: ...
    @property
    def firmware(self) -> FirmwareBlock: ...
    @property
    def renewal(self) -> RenewalBlock: ...
    @property
    def logs(self) -> LogsBlock: ...
    @property
    def on(self) -> bool: ...
    async def call(self, action: str, payload: Json, *, triggered: bool = False) -> Json:
        """Send a CALL and return the answer. Raises Offline or CallFailed."""

    def find_handler(self, action: str) -> Handler | None:
        """What answers an action."""

    def later(self, work: Callable[[], Awaitable[None] | None]) -> None:
        """Do something once the answer that caused it is on the wire."""

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run something beside the rest; it ends with this life of the station."""

    def reboot(self, reason: str) -> None:
        """Restart the station."""

    def text_of(self, instant: float) -> str:
        """An instant as OCPP writes it."""

    def persist_variables(self) -> None:
        """Keep what the backend configured through a reboot."""

    def notice_plugged_car(self) -> None:
        """A car that stood there already counts now."""


class Evses(dict[int, "Client"]):
    """By number the client as each EVSE's blocks see it, and what hangs on all EVSEs together."""

    @property
    def busy(self) -> bool:
        """Whether a transaction runs at any of them."""
        return any(evse.transactions.current is not None for evse in self.values())

    def where(self, transaction_id: str) -> Client | None:
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
