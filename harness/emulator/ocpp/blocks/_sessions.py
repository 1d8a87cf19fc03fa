"""What one may ask of the blocks that make a session: who may charge, at which connector, what is metered and told."""

from __future__ import annotations

from typing import Protocol

from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.transactions._charging_state import Transaction


class AuthorizationBlock(Protocol):
    """Blocks C and D."""

    async def ask(self, id_token: Json) -> Json:
        """Local list, cache, then AuthorizeRequest; offline only what LocalAuthorizeOffline allows (C13, C15)."""

    def learn(self, id_token: Json, info: Json) -> None:
        """Every answer of the CSMS refreshes the cache (C10)."""


class ReservationsBlock(Protocol):
    """Block H."""

    def of(self, evse: int) -> int | None:
        """The reservation of an EVSE, if there is one."""

    def admits(self, evse: int, token: Json, about: Json) -> bool:
        """Whether this driver, of the group that `about` tells, may use the EVSE."""

    def use(self, evse: int) -> int | None:
        """The driver is there: the reservation ends; its id."""


class StatusBlock(Protocol):
    """Block G."""

    firmware_pending: bool

    def changed(self) -> None:
        """Tell the CSMS about connectors whose state it does not know yet."""

    def of(self, connector: int) -> str:
        """The connector's state now."""

    def states(self) -> list[str]:
        """The states of all connectors."""

    def operative(self, connector: int) -> bool:
        """Whether a new transaction may use the connector."""

    def put(self, connector: int | None, *, operative: bool) -> bool:
        """Put one or all connectors of this EVSE in or out of service; whether that waits for a running transaction."""

    def catch_up(self) -> None:
        """Tell what changed while the report after a connection was under way."""

    async def report(self, *, everything: bool) -> None:
        """After a boot all connectors; after a short outage only those that changed meanwhile (B04)."""

    async def send(self, connector: int, *, classic: bool = False) -> None:
        """One connector's state, now."""

    def forget(self) -> None:
        """A reboot: the CSMS will be told everything anew."""


class MeteringBlock(Protocol):
    """Block J."""

    def measurands(self, controller: str, variable: str) -> list[str]:
        """What is configured, plus in 2.1 what the running operation mode adds (V2XChargingCtrlr)."""

    def sample(self, context: str, measurands: list[str]) -> Json | None:
        """One MeterValueType, or None when nothing of it can be measured."""

    async def send_triggered(self) -> None:
        """F06.FR.06: MeterValues because the CSMS asked."""

    async def run_aligned(self) -> None:
        """Clock-aligned data, for ever (J01)."""


class TransactionsBlock(Protocol):
    """Block E."""

    current: Transaction | None

    def authorized(self, id_token: Json, info: Json, *, remote_start_id: int | None = None) -> None:
        """Somebody may charge here now; without a car the station waits EVConnectionTimeOut for one."""

    def end_for_reset(self) -> None:
        """B12.FR.04."""

    def refused_by_csms(self, tx: Transaction) -> None:
        """E05: the CSMS does not know the token after all."""

    def stop_authorized(self, trigger: str, reason: str, id_token: Json | None = None) -> None:
        """The permission ends: the transaction ends too when TxStopPoint says so (E07, F03)."""

    def trigger(
        self, reason: str, *, context: str = "", meter_value: list[Json] | None = None, id_token: Json | None = None
    ) -> None:
        """Tell an Updated event of the running transaction, with the trigger reason it happened for."""

    def plugged(self, connector: int) -> None:
        """The cable is in at both ends."""

    async def run(self) -> None:
        """Watch the charging state and take samples, for ever."""


class TransactionEventsBlock(Protocol):
    """The messages of block E."""

    def tell(
        self,
        tx: Transaction,
        kind: str,
        trigger: str,
        values: list[Json] | None,
        *,
        stopped_reason: str = "",
        id_token: Json | None = None,
    ) -> None:
        """Queue an event with its meter values; adds what the CSMS has not been told yet: token, EVSE, remote start."""
