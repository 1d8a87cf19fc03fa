"""What one may ask of the line to the CSMS: the connection, what waits to be told, where and how it connects."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from cryptography import x509

from harness.emulator.ocpp.line._slot import Slot
from harness.emulator.ocpp.provisioning._model import Json


class ConnectionBlock(Protocol):
    """The way to the CSMS."""

    online: asyncio.Event

    def drop(self, reason: str) -> None:
        """Close the connection on purpose; the station comes back by itself."""

    def offline_s(self) -> float | None:
        """How long the station has been offline; None while it is online."""


class OutboxBlock(Protocol):
    """What waits to be told."""

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


class RenewalBlock(Protocol):
    """A02, A03."""

    async def start(self) -> None:
        """New key, SignCertificate, and again with growing pauses until it is answered (A02.FR.02, .17 to .19)."""
