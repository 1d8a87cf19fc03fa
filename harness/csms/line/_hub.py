"""What a connection needs of the CSMS that accepted it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from harness.csms._config import CsmsConfig
from harness.csms.line._websocket import Oversize, Text
from harness.csms.tls._tls_pipe import TlsPipe
from harness.trace import Recorder

Accepted = TypeVar("Accepted", contravariant=True)  # the kind of connection that asks and tells


@dataclass(frozen=True)
class Refusal:
    """Why a WebSocket request is turned away: HTTP status (101: after the handshake) and plain words."""

    status: int
    reason: str
    headers: dict[str, str] = field(default_factory=dict)


class Hub(Protocol[Accepted]):
    """The CSMS as its connections see it."""

    @property
    def recorder(self) -> Recorder: ...
    @property
    def config(self) -> CsmsConfig: ...
    @property
    def scenario(self) -> str: ...
    @property
    def versions(self) -> tuple[str, ...]: ...

    def tls_pipe(self, scenario: str, port: int) -> TlsPipe:
        """A TLS server for the connection from `port`."""

    def is_control(self, port: int) -> bool:
        """Whether the connection from this port is our own control client's."""

    def process_at(self, remote: tuple[Any, ...], local: tuple[Any, ...] | None) -> int | None:
        """The process on this machine at the other end; None when it is elsewhere, or not known."""

    def is_started(self, process: int | None) -> bool | None:
        """Whether that is the charger that the campaign started itself; None when it started none, or not known."""

    def may_tell(self, conn: Accepted) -> bool:
        """Whether the trace shall tell of an attempt from this address, should it not come to a login."""

    def admit(self, conn: Accepted, identity: str, authorization: str | None) -> Refusal | None:
        """None when identity and credentials are right."""

    def choose(self, offered: list[str]) -> str | None:
        """The OCPP version to speak, None when there is none in common."""

    def attached(self, conn: Accepted) -> bool:
        """A TCP connection was accepted; False when there are too many."""

    def opened(self, conn: Accepted) -> None:
        """The WebSocket is open."""

    def received(self, conn: Accepted, text: Text) -> None:
        """A message came."""

    def aside(self, conn: Accepted, frames: int) -> None:
        """So many frames came that are no message."""

    def oversize(self, conn: Accepted, huge: Oversize) -> None:
        """A message came that was too large to take in."""

    def lost(self, conn: Accepted) -> None:
        """The TCP connection is gone."""
