"""The way to the CSMS: connect, serve, lose, back off, and come back (OCPP-J part 4, chapters 3 and 5)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Rpc
from harness.emulator.ocpp.line._slot import Slot
from harness.emulator.ocpp.security._tls import TellingContext, tcp

log = logging.getLogger(__name__)


class Connection:
    """One WebSocket at a time; `online` is set while one is open. `dial` and `make_rpc` open one and speak on it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._random = random.Random(client.config.random_seed)
        self.dial: Callable[..., Awaitable[ClientConnection]] = connect
        self.make_rpc: Callable[..., Rpc] = Rpc
        self._socket: ClientConnection | None = None
        self.rpc: Rpc | None = None
        self.online = asyncio.Event()
        self.lost_at: float | None = None
        self.cut = asyncio.Event()
        self._back_off_s = 0.0
        self._failures = 0

    async def run(self) -> None:
        """Connect and stay connected, for ever."""
        self._client.network_profiles.restart()
        self._failures = 0
        while True:
            while self.cut.is_set():
                await asyncio.sleep(0.05)
            try:
                socket = await self.open(self._client.network_profiles.active())
            except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed, TimeoutError) as error:
                self._refused(error)
            else:
                self._failures = 0
                if self.cut.is_set():
                    socket.transport.abort()
                await self._serve(socket)
            await asyncio.sleep(self.back_off_s())

    async def open(self, slot: Slot) -> ClientConnection:
        """One attempt. Raises what went wrong."""
        ping = self._client.model.integer("OCPPCommCtrlr", "WebSocketPingInterval")
        password = slot.password if slot.security_profile < 3 else None
        context = self._client.security.context(slot.security_profile)
        where = urlsplit(slot.url)
        patience_s = self._client.config.connect_timeout_s
        async with asyncio.timeout(patience_s):
            wire = await tcp(where.hostname or "", where.port or (443 if context is not None else 80))
        if isinstance(context, TellingContext):
            context.wire = wire
        socket = await self.dial(
            f"{slot.url}/{quote(slot.identity, safe='')}",
            sock=wire,
            subprotocols=[Subprotocol(p) for p in slot.subprotocols],
            ssl=context,
            additional_headers=self._client.security.headers(slot.identity, password) if password else None,
            user_agent_header=None,
            compression=None,
            proxy=None,
            open_timeout=patience_s,
            ping_interval=ping or None,
            ping_timeout=ping or None,
            close_timeout=2,
            max_size=1 << 20,
        )
        if socket.subprotocol is None:
            await socket.close(1002, "no OCPP version in common")
            raise ConnectionError("the CSMS chose none of the offered OCPP versions")
        return socket

    def back_off_s(self) -> float:
        """How long to wait before the next attempt: doubled a limited number of times, plus something random (5.4)."""
        model = self._client.model
        least = model.integer("OCPPCommCtrlr", "RetryBackOffWaitMinimum")
        spread = model.integer("OCPPCommCtrlr", "RetryBackOffRandomRange")
        if self._failures == 0:
            self._back_off_s = float(least)
        elif self._failures <= model.integer("OCPPCommCtrlr", "RetryBackOffRepeatTimes"):
            self._back_off_s *= 2
        return self._back_off_s + self._random.uniform(0, spread)

    def drop(self, reason: str) -> None:
        """Close the connection on purpose; the station comes back by itself."""
        socket = self._socket
        if socket is not None:
            self._client.spawn(socket.close(1000, reason), "close")

    def unplug_network(self, out: bool) -> None:
        """The network cable: out tears the connection down without a goodbye, back in lets the station reconnect."""
        if not out:
            self.cut.clear()
            return
        self.cut.set()
        if self._socket is not None:
            self._socket.transport.abort()

    def offline_s(self) -> float | None:
        """How long the station has been offline; None while it is online."""
        return None if self.lost_at is None else self._client.time.monotonic() - self.lost_at

    async def close(self) -> None:
        """Say goodbye, before a reboot or at the end."""
        if self._socket is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._socket.close(1001, "going away"), 2)

    def _refused(self, error: Exception) -> None:
        log.info("connecting failed: %r", error)
        if isinstance(error, InvalidStatus) and error.response.status_code == 401:
            self._client.security.event("FailedToAuthenticateAtCsms", "HTTP 401")
            old, self._client.security.fallback_password = self._client.security.fallback_password, None
            if old is not None:
                self._client.network_profiles.change_password(old)
        else:
            self._client.security.refused(error)
        self._client.network_profiles.failed()
        self._failures += 1
        if self.lost_at is None:
            self.lost_at = self._client.time.monotonic()

    async def _serve(self, socket: ClientConnection) -> None:
        client = self._client
        client.model.version = str(socket.subprotocol)
        self._socket = socket
        self.rpc = rpc = self.make_rpc(
            client.model.version, socket.send, client.find_handler, client.later, client.security.invalid_message
        )
        offline_s = self.offline_s()
        self.lost_at = None
        client.network_profiles.connected()
        self.online.set()
        started = client.spawn(client.provisioning.connected(offline_s), "connected")
        try:
            async for raw in socket:
                await rpc.on_text(raw)
        except ConnectionClosed as closed:
            log.info("connection closed: %s", closed)
        except OSError as error:
            client.security.refused(error)
        finally:
            self.online.clear()
            self.lost_at = client.time.monotonic()
            self._socket = self.rpc = None
            rpc.lost()
            started.cancel()
            client.outbox.pause()
            client.smart_charging.connection_changed()
