"""A connection as those see it who only tell of it: what was seen and proven on it."""

from __future__ import annotations

from typing import Protocol

from harness.csms.line._websocket import WebSocket
from harness.csms.tls._tls_pipe import TlsPipe


class Shaken(Protocol):
    """An accepted TCP connection, with TLS or without. `ended` is (who, reason) where its last bytes do not show it."""

    number: int
    remote: str
    scenario: str
    control: bool
    began_ns: int | None
    process: int | None
    started: bool | None
    ended: tuple[str | None, str] | None
    tls: TlsPipe | None
    shaken_ns: int | None

    @property
    def asks_for_certificate(self) -> bool:
        """Whether a client certificate is asked for."""


class Opened(Shaken, Protocol):
    """A connection with its WebSocket, as far as that got."""

    identity: str | None
    version: str | None
    path: str | None
    offered: list[str]
    proof: list[str]
    cause: str | None
    ws: WebSocket
