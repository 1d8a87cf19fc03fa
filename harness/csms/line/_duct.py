"""The socket end of a connection: bytes out, a reset, timers, and a network that can be frozen."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

from harness.csms.line._hub import Hub

_SHUT_WAIT_S = 3.0


class Duct(asyncio.Protocol):
    """One accepted TCP connection. Layers above it say what flows.

    `ended` is (who, reason) when the connection ends for a reason that its last bytes do not show.
    """

    def __init__(self, hub: Hub[Any], number: int) -> None:
        self.number = number
        self.remote = ""
        self.host = ""
        self.port = 0  # the other side's
        self.began_ns: int | None = None  # when it was accepted
        self.process: int | None = None  # which process it is, on this machine
        self.started: bool | None = None  # whether that is the charger that the campaign started
        self.scenario = "good"
        self.control = False
        self.ended: tuple[str | None, str] | None = None
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self._frozen = False
        self._held: list[bytes] = []
        self._timers: list[asyncio.TimerHandle] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("?", 0)
        self.remote = f"[{peer[0]}]:{peer[1]}" if ":" in str(peer[0]) else f"{peer[0]}:{peer[1]}"
        self.host, self.port = str(peer[0]), int(peer[1])
        self.began_ns = self._hub.recorder.clock.mono_ns()
        self.control = self._hub.is_control(self.port)
        self.scenario = self._hub.scenario
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def look_who(self) -> None:
        """Find out which process is at the other end, if it is on this machine."""
        if self._transport is not None:
            ends = [self._transport.get_extra_info(name) for name in ("peername", "sockname")]
            self.process = self._hub.process_at(ends[0] or ("?", 0), ends[1])
            self.started = self._hub.is_started(self.process)

    def abort(self, who: str | None, reason: str) -> None:
        """Reset the TCP connection."""
        self.ended = self.ended or (who, reason)
        if self._transport is not None and not self._closed:
            sock = self._transport.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()

    def freeze(self) -> None:
        """Take nothing in and let nothing out, without closing: a dead network."""
        self._frozen = True
        self._steer_reading()

    @property
    def frozen(self) -> bool:
        """Whether its network is dead."""
        return self._frozen

    def thaw(self) -> None:
        """Let traffic flow again."""
        self._frozen = False
        held, self._held = self._held, []
        for data in held:
            self._to_socket(data)
        self._steer_reading()

    @property
    def unsent_bytes(self) -> int:
        """What waits for the other side to read."""
        waiting = self._transport.get_write_buffer_size() if self._transport is not None else 0
        return waiting + sum(map(len, self._held))

    @property
    def going(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._closed or self._transport is None or self._transport.is_closing()

    def _busy(self) -> bool:
        """Whether what came is still being worked off, so that no more should be read."""
        return False

    def _steer_reading(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self._frozen or self._busy():
            transport.pause_reading()
        else:
            transport.resume_reading()

    def _to_socket(self, data: bytes) -> None:
        if not data or self._transport is None or self._transport.is_closing():
            return
        if self._frozen:
            self._held.append(data)
        else:
            self._transport.write(data)
        if (unsent := self.unsent_bytes) > self._hub.config.max_unsent_bytes:
            self.abort("harness", f"the station does not read: {unsent} bytes could not be delivered")

    def _shut(self) -> None:
        """Close our side once everything is sent; reset it where the other side does not take that in time."""
        if self._transport is not None:
            self._transport.close()
            self._later(_SHUT_WAIT_S, lambda: self.abort("harness", "the other side did not take what it was sent"))

    def _later(self, delay_s: float, action: Callable[[], None]) -> None:
        now_s = self._loop.time()
        self._timers = [timer for timer in self._timers if not timer.cancelled() and timer.when() > now_s]
        self._timers.append(self._loop.call_later(delay_s, action))

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
