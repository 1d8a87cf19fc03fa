"""The car's stream connection: TCP, TLS on top when asked, frames in, octets out, every octet handed to a tap."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from ev_emulator._errors import ConnectionLost, TlsRefused
from ev_emulator.line._tls import TlsConfig, TlsPipe

Tap = Callable[[str, bytes], None]
CHUNK = 65536


class Link:
    """One connection. `tap(direction, octets)` gets the V2GTP stream as it is before encryption."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tap: Tap | None) -> None:
        self._reader, self._writer, self._tap = reader, writer, tap
        self._pipe: TlsPipe | None = None
        self.local: tuple[str, int] = writer.get_extra_info("sockname")[:2]
        self.remote: tuple[str, int] = writer.get_extra_info("peername")[:2]

    @classmethod
    async def open(cls, host: str, port: int, interface: str, *, within_s: float, tap: Tap | None = None) -> Link:
        """Connect TCP; a link-local `host` is reached through `interface`. Raises ConnectionLost."""
        link_local = ipaddress.ip_address(host).is_link_local
        target = f"{host}%{interface}" if link_local else host
        try:
            async with asyncio.timeout(within_s):
                reader, writer = await asyncio.open_connection(target, port)
        except TimeoutError as error:
            raise ConnectionLost(f"no TCP connection to [{target}]:{port} within {within_s:g} s") from error
        except OSError as error:
            raise ConnectionLost(f"no TCP connection to [{target}]:{port}: {error}") from error
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(reader, writer, tap)

    async def start_tls(self, config: TlsConfig, *, within_s: float) -> dict[str, Any]:
        """Do the handshake and return its facts. Raises TlsRefused or ConnectionLost."""
        self._pipe = TlsPipe(config, self._write_raw, self._read_raw)
        try:
            async with asyncio.timeout(within_s):
                return await self._pipe.handshake()
        except TimeoutError as error:
            raise TlsRefused(f"the charger did not complete the TLS handshake within {within_s:g} s") from error

    async def write(self, octets: bytes) -> None:
        """Send. Raises ConnectionLost."""
        if self._tap:
            self._tap("out", octets)
        if self._pipe:
            await self._pipe.write(octets)
        else:
            await self._write_raw(octets)

    async def read(self) -> bytes:
        """The next octets, however many came; empty when the charger closed. Raises ConnectionLost or TlsRefused."""
        octets = await (self._pipe.read() if self._pipe else self._read_raw())
        if octets and self._tap:
            self._tap("in", octets)
        return octets

    async def close(self) -> None:
        """Close politely, bounded."""
        with contextlib.suppress(OSError, TimeoutError, ConnectionLost):
            async with asyncio.timeout(1):
                if self._pipe:
                    await self._pipe.close_notify()
                self._writer.close()
                await self._writer.wait_closed()
        self._writer.close()

    async def _write_raw(self, octets: bytes) -> None:
        try:
            self._writer.write(octets)
            await self._writer.drain()
        except OSError as error:
            raise ConnectionLost(f"the charger closed the connection while we were sending: {error}") from error

    async def _read_raw(self) -> bytes:
        try:
            return await self._reader.read(CHUNK)
        except OSError as error:
            raise ConnectionLost(f"the connection was reset: {error}") from error
