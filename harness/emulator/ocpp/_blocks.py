"""The blocks of the emulated station as they see each other: what one may ask of another, and no more."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from cryptography import x509

from harness.emulator._ports import PowerLimits
from harness.emulator.ocpp.line._slot import Slot
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.smart_charging._composite import Hardware, Situation, Step
from harness.emulator.ocpp.smart_charging._profile_checks import Context
from harness.emulator.ocpp.smart_charging._profiles import Profile, Profiles
from harness.emulator.ocpp.transactions._charging_state import Transaction


class ConnectionBlock(Protocol):
    """The way to the CSMS."""

    online: asyncio.Event

    def unplug_network(self, out: bool) -> None:
        """The network cable: out tears the connection down without a goodbye, back in lets the station reconnect."""

    def drop(self, reason: str) -> None:
        """Close the connection on purpose; the station comes back by itself."""

    def offline_s(self) -> float | None:
        """How long the station has been offline; None while it is online."""


class OutboxBlock(Protocol):
    """What waits to be told."""

    def from_flash(self) -> None:
        """What is left after a loss of power: what is kept."""

    async def drained(self, bound_s: float) -> bool:
        """Wait until nothing waits any more; False when it still does after `bound_s`."""

    def holds_transaction(self, transaction_id: str | None) -> bool:
        """Whether events of this transaction (or of any) still wait (E14)."""

    def pause(self) -> None:
        """No connection, or not accepted: hold back, and forget what need not be kept."""

    def put(
        self,
        action: str,
        payload: Json,
        *,
        keep: bool = False,
        once: str = "",
        on_reply: Callable[[Json], None] | None = None,
    ) -> None:
        """Queue a message. `once`: do nothing when a message with the same mark still waits."""

    def resume(self) -> None:
        """The CSMS accepted the station: deliver."""

    def __len__(self) -> int: ...


class SecurityBlock(Protocol):
    """Block A."""

    fallback_password: str | None
    log: deque[str]

    def context(self, profile: int) -> ssl.SSLContext | None:
        """TLS 1.2 or above, the backend's name and chain checked, no compression; profile 3 shows a certificate."""

    def event(self, kind: str, tech_info: str = "") -> None:
        """Note a security event and queue its SecurityEventNotification (A04); it is kept until it was delivered."""

    def headers(self, identity: str, password: str) -> dict[str, str]:
        """HTTP Basic authentication for profiles 1 and 2 (A00.FR.202)."""

    def invalid_message(self, what: str) -> None:
        """The CSMS sent something that is not OCPP: logged; reporting each would let a broken backend flood itself."""

    @property
    def profile(self) -> int:
        """The security profile in use."""

    def refused(self, error: BaseException) -> None:
        """A connection attempt failed: queue the event that belongs to it, to be sent once there is a connection."""


class CertificatesBlock(Protocol):
    """Block M."""

    def client_files(self) -> tuple[Path, Path]:
        """Chain and key for mutual TLS: a renewed pair, the configured one, else the manufacturer's (A00.FR.804)."""

    def fault_of_chain(self, leaf: x509.Certificate, others: Iterable[x509.Certificate], kind: str) -> str | None:
        """None when `leaf` leads to an installed root of `kind` and is in date; else "invalid" or "revoked"."""

    def has_client(self) -> bool:
        """Whether mutual TLS is possible."""

    def replace_client(self, chain_pem: str, key_pem: bytes) -> None:
        """Use a renewed certificate from the next connection on."""

    def roots(self, kind: str) -> list[str]:
        """The installed roots of one type, as PEM."""


class NetworkBlock(Protocol):
    """B09, B10."""

    def active(self) -> Slot:
        """The profile in use or tried next."""

    def change_password(self, password: str) -> None:
        """The active profile gets a new password."""

    def connected(self) -> None:
        """The active profile works: the device model follows it (A05.FR.06)."""

    def failed(self) -> None:
        """One attempt failed; after NetworkProfileConnectionAttempts the next entry has its turn (B10.FR.03)."""

    def restart(self) -> None:
        """After a boot the first entry is tried first (B10.FR.04)."""


class ProvisioningBlock(Protocol):
    """Block B."""

    status: str
    reset_when_idle: bool

    async def connected(self, offline_s: float | None) -> None:
        """A connection is open: register when this boot has not been accepted yet, then say what must be said."""

    def idle(self) -> None:
        """A transaction has ended: a reset that waited for it can go ahead."""


class AuthorizationBlock(Protocol):
    """Blocks C and D."""

    async def ask(self, id_token: Json) -> Json:
        """Local list, cache, then AuthorizeRequest; offline only what LocalAuthorizeOffline allows (C13, C15)."""

    def learn(self, id_token: Json, info: Json) -> None:
        """Every answer of the CSMS refreshes the cache (C10)."""

    def kept(self, id_token: Json | None, *, forget: bool) -> Json | None:
        """What the cache holds about a token (N09); with `forget` it is gone then (N10)."""


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

    def end(self, trigger: str, stopped_reason: str, id_token: Json | None = None) -> None:
        """The transaction is over; energy stops before the Ended event is told."""

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


class DerControlsBlock(Protocol):
    """Block R."""

    def max_discharge_w(self) -> float:
        """What LimitMaxDischarge leaves of the discharge rating."""


class SmartChargingBlock(Protocol):
    """Block K."""

    hardware: Hardware
    limits: PowerLimits
    mode: str
    priority: bool
    profiles: Profiles
    schedule_id: int | None
    signal: float

    def active(self) -> list[Profile]:
        """The profiles that count now at this EVSE; external ones unless they are disallowed (K11.FR.07)."""

    def composite(self, start: float, duration_s: float) -> list[Step]:
        """The composite schedule from `start`, as the station would carry it out."""

    def connection_changed(self) -> None:
        """Online or offline: maxOfflineDuration starts or stops counting."""

    def fault_of_start_profile(self, raw: Json) -> str | None:
        """F01.FR.26: why the profile of a RequestStartTransaction is no good, or None."""

    def keep_for_start(self, raw: Json) -> None:
        """Use this TxProfile for the transaction that starts next."""

    def limits_now(self) -> PowerLimits:
        """What the plant may do at this moment: profiles, then the inverter's DER limits."""

    def prioritise(self, *, on: bool) -> None:
        """Let the PriorityCharging profile speak for the transaction of this EVSE, or no longer (K21.FR.04, .07)."""

    def refresh(self) -> None:
        """Work out the limits anew and hand them over when they changed; report what must be reported."""

    def situation(self) -> Situation:
        """What the composite calculation must know about this moment."""

    def transaction_ended(self, transaction_id: str) -> None:
        """TxProfiles live no longer than their transaction; priority ends with it too."""

    def transaction_started(self, transaction_id: str) -> None:
        """The power path closed: relative schedules begin, a profile that came with the start request is installed."""

    def install(self, profile: Profile) -> None:
        """Take a checked profile into use."""

    def check_context(self, installed: tuple[Profile, ...] | None = None) -> Context:
        """What a new profile is checked against."""

    def reboot(self) -> None:
        """What is not kept persistently is forgotten."""

    async def run(self) -> None:
        """Follow the schedule, for ever."""


class V2xBlock(Protocol):
    """Block Q."""

    def with_vehicle(self, token: Json) -> Json:
        """Q01.FR.02: the idToken of a Started event names the car too, when ISO 15118 told it."""


class FirmwareBlock(Protocol):
    """Block L."""

    version: str

    def booted(self) -> None:
        """Accepted after a boot: if it was into new firmware, say that it is installed (FR.28, FR.31)."""

    def idle(self) -> None:
        """A transaction has ended."""

    async def send_triggered(self) -> None:
        """F06.FR.16, L01.FR.25, .26: the last status, or Idle when nothing is going on."""


class RenewalBlock(Protocol):
    """A02, A03."""

    async def start(self) -> None:
        """New key, SignCertificate, and again with growing pauses until it is answered (A02.FR.02, .17 to .19)."""


class LogsBlock(Protocol):
    """Block N."""

    async def send_triggered(self) -> None:
        """F06.FR.14, .15."""
