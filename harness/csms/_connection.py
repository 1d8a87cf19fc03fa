"""One TCP connection of a charging station: TLS if asked for, the WebSocket handshake, then messages; all recorded."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from urllib.parse import unquote

from websockets.datastructures import MultipleValuesError
from websockets.http11 import Request

from harness.csms._hub import Hub, Refusal
from harness.csms._telling import tell_closed, tell_handshake, tell_open, tell_refused
from harness.csms._tls_pipe import TlsPipe
from harness.csms._websocket import Oversize, Text, WebSocket

_SLICE = 64  # messages handled before other work of the loop gets its turn
_CLOSE_WAIT_S = 3.0
_INBOX_BYTES = 16 << 20


class Connection(asyncio.Protocol):
    """Lives from accept to close. `identity` and `version` are None until the WebSocket is open.

    `ended` is (who, reason) when the connection ends for a reason that the closing handshake does not show.
    """

    def __init__(self, hub: Hub, number: int) -> None:
        self.number = number
        self.identity: str | None = None
        self.version: str | None = None
        self.path: str | None = None
        self.offered: list[str] = []
        self.remote = ""
        self.scenario = "good"
        self.control = False
        self.tls: TlsPipe | None = None
        self.shaken_ns: int | None = None
        self.ended: tuple[str | None, str] | None = None
        self.refused = False
        self.ws = WebSocket(hub.config.max_message_bytes, compression=hub.config.compression)
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._inbox: deque[Text | Oversize] = deque()
        self._pump_due = False
        self._heard_anything = False
        self._handshake_told = False
        self._turned_away = False
        self._opened = False
        self._closed = False
        self._frozen = False
        self._held: list[bytes] = []
        self._timers: list[asyncio.TimerHandle] = []

    # --- what asyncio tells -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("?", 0)
        self.remote = f"[{peer[0]}]:{peer[1]}" if ":" in str(peer[0]) else f"{peer[0]}:{peer[1]}"
        self.control = self._hub.is_control(int(peer[1]))
        self.scenario = self._hub.scenario
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._hub.attached(self):
            self.turn_away("too many connections at once")
            return
        self._later(self._hub.config.handshake_timeout_s, self._too_slow)
        if self._hub.config.secure:
            self.tls = self._hub.tls_pipe(self.scenario)

    def data_received(self, data: bytes) -> None:
        t_ns = self._hub.recorder.clock.mono_ns()
        if self._closed or self._turned_away:
            return
        if not self._heard_anything:
            self._heard_anything = True
            if not self._right_first_byte(data):
                return
        if self.tls is None:
            self._plain(data, t_ns)
            return
        plain = self.tls.feed(data)
        self._to_socket(self.tls.outgoing())
        if self.tls.end is not None and self.tls.end.outcome == "completed":
            self.shaken_ns = self.shaken_ns or t_ns
        if plain:
            self._note_handshake()
            self._plain(plain, t_ns)
        elif self.tls.end is not None and (self.tls.end.outcome != "completed" or self.control):
            self._note_handshake()
            if self.tls.end.outcome != "completed":
                self._shut()
        if self.tls.late_alert is not None or self.tls.broken:
            self._tls_broke(self.tls)
        elif self.tls.closed_by_peer:
            self.eof_received()

    def eof_received(self) -> bool:
        self._note_handshake(ending=True)
        self.ws.eof()
        self._flush()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closed:
            return
        self._closed = True
        for timer in self._timers:
            timer.cancel()
        self._note_handshake(ending=True)
        self.ws.eof()
        while self._inbox:
            self._handle(self._inbox.popleft())
        if self._opened:
            tell_closed(self._hub.recorder, self, exc)
        elif not self.refused and not self.control and not (self.tls and self._tls_failed()):
            tell_closed(self._hub.recorder, self, exc, before_open=True)
        self._hub.lost(self)

    # --- what the CSMS asks -----------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self._opened and self.ws.open and not self._closed

    def send(self, text: str) -> bool:
        """Put a message on the wire (it must have been recorded); False when the connection is no longer open."""
        if not self.is_open:
            return False
        self.ws.send(text)
        self._flush()
        unsent = self._transport.get_write_buffer_size() if self._transport is not None else 0
        unsent += sum(map(len, self._held))
        if unsent > self._hub.config.max_unsent_bytes:
            self.abort("harness", f"the station does not read: {unsent} bytes could not be delivered")
        return True

    def close(self, code: int, reason: str) -> None:
        """Close the WebSocket properly; cut it when the station does not take part."""
        if self.ws.connecting:
            self.abort("harness", reason)
            return
        self.ws.close(code, reason)
        self._flush()
        self._later(_CLOSE_WAIT_S, lambda: self.abort("harness", f"{reason} (the station did not answer the close)"))

    def abort(self, who: str | None, reason: str) -> None:
        """Reset the TCP connection."""
        self.ended = self.ended or (who, reason)
        if self._transport is not None and not self._closed:
            sock = self._transport.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()

    def turn_away(self, reason: str) -> None:
        """Refuse before a WebSocket request could be answered."""
        self.refused = self._turned_away = True
        tell_refused(self._hub.recorder, self, reason)
        self.abort("harness", reason)

    def freeze(self) -> None:
        """Take nothing in and let nothing out, without closing: a dead network."""
        self._frozen = True
        self._steer_reading()

    def thaw(self) -> None:
        """Let traffic flow again."""
        self._frozen = False
        held, self._held = self._held, []
        for data in held:
            self._to_socket(data)
        self._pump()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _right_first_byte(self, data: bytes) -> bool:
        speaks_tls = data[:1] == b"\x16"
        if self.tls is not None and not speaks_tls:
            what = "plain HTTP (ws://)" if data[:4] in (b"GET ", b"HEAD") else "something that is not TLS"
            self.tls.give_up(f"the other side spoke {what} on a TLS port (wss://)")
            self._note_handshake(ending=True)
            self.turn_away(f"spoke {what} on a TLS port (wss://)")
            return False
        if self.tls is None and speaks_tls:
            self.turn_away("spoke TLS (wss://) on a port without TLS (ws://)")
            return False
        return True

    def _note_handshake(self, *, ending: bool = False) -> None:
        """Record the TLS handshake, once; a completed one when the station goes on (or ends) after it."""
        if self.tls is None or self._handshake_told:
            return
        if self.tls.end is None:
            if not ending:
                return
            self.tls.eof()
        self._handshake_told = True
        tell_handshake(self._hub.recorder, self, went_on=not ending)

    def _tls_failed(self) -> bool:
        return self.tls is not None and self.tls.end is not None and self.tls.end.outcome != "completed"

    def _tls_broke(self, pipe: TlsPipe) -> None:
        self._note_handshake(ending=True)
        if pipe.late_alert is not None:
            who, alert, _seen = pipe.late_alert
            self.ended = self.ended or (who, f"TLS alert {alert.name} after the handshake")
        else:
            self.ended = self.ended or (None, f"TLS broke: {pipe.broken}")
        self._shut()

    def _plain(self, data: bytes, t_ns: int) -> None:
        for happened in self.ws.feed(data, t_ns):
            if isinstance(happened, Request):
                self._asked(happened)
            else:
                self._inbox.append(happened)
        if self.ws.not_http and not self._opened and not self.refused:
            self.turn_away("sent something that is not a WebSocket request")
            return
        if not self._pump_due:
            self._pump()
        self._flush()

    def _asked(self, request: Request) -> None:
        """The WebSocket's opening handshake (OCPP-J Part 4, 3.1 and 3.3)."""
        self.path = request.path[:1000]
        identity = unquote(request.path.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1])
        self.offered = [
            name.strip()
            for value in request.headers.get_all("Sec-WebSocket-Protocol")
            for name in value.split(",")
            if name.strip()
        ]
        try:
            authorization = request.headers.get("Authorization")
        except MultipleValuesError:
            authorization = ""
        refusal = self._hub.admit(self, identity, authorization)
        self.identity = identity
        chosen = self._hub.choose(self.offered)
        if refusal is None and chosen is None:
            spoken = ", ".join(self._hub.versions)
            offered = f"offers only {', '.join(self.offered)}" if self.offered else "names no OCPP version"
            refusal = Refusal(101, f"{offered}; this CSMS speaks {spoken}")
        if refusal is not None and refusal.status != 101:
            self.refused = True
            tell_refused(self._hub.recorder, self, refusal.reason, refusal.status)
            self.ws.reject(refusal.status, refusal.reason, refusal.headers)
        elif not self.ws.accept(request, chosen if refusal is None else None):
            self.refused = True
            tell_refused(self._hub.recorder, self, f"no proper WebSocket request: {self.ws.handshake_fault}", 400)
        elif refusal is not None:  # Part 4, 3.3: finish the handshake without a subprotocol, then close at once
            self.refused = True
            tell_refused(self._hub.recorder, self, refusal.reason, 101)
            self.ws.close(1002, "no common OCPP version")
            self._later(_CLOSE_WAIT_S, lambda: self.abort("harness", "no common OCPP version"))
        else:
            self._open(chosen)

    def _open(self, version: str | None) -> None:
        self.version = version
        tell_open(self._hub.recorder, self)
        self._flush()
        self._opened = True
        self._hub.opened(self)
        if self._hub.config.ping_interval_s > 0:
            self._later(self._hub.config.ping_interval_s, self._ping)

    def _pump(self) -> None:
        """Handle what came in, a slice at a time, so that a flood delays nobody else."""
        self._pump_due = False
        if self._frozen or self._closed:
            return
        for _ in range(min(_SLICE, len(self._inbox))):
            self._handle(self._inbox.popleft())
        if self._inbox:
            self._pump_due = True
            self._loop.call_soon(self._pump)
        self._flush()
        self._steer_reading()

    def _handle(self, happened: Text | Oversize) -> None:
        if not self._opened:
            return  # it was refused and goes on talking
        if isinstance(happened, Oversize):
            self.ended = self.ended or ("harness", f"message of {happened.length} bytes is too big")
            self._hub.oversize(self, happened)
        else:
            self._hub.received(self, happened)

    def _steer_reading(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self._frozen or self._inbox:
            transport.pause_reading()
        else:
            transport.resume_reading()

    def _flush(self) -> None:
        for data in self.ws.to_send():
            if data == b"":
                self._shut()
            elif self.tls is not None:
                self.tls.write(data)
                self._to_socket(self.tls.outgoing())
            else:
                self._to_socket(data)

    def _to_socket(self, data: bytes) -> None:
        if not data or self._transport is None or self._transport.is_closing():
            return
        if self._frozen:
            self._held.append(data)
        else:
            self._transport.write(data)

    def _shut(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self.tls is not None and not self._tls_failed():
            self.tls.close_notify()
            self._to_socket(self.tls.outgoing())
        self._transport.close()

    def _too_slow(self) -> None:
        if self._opened or self.refused or self._closed:
            return
        bound = self._hub.config.handshake_timeout_s
        if self.tls is not None:
            self.tls.give_up(f"no TLS handshake within {bound:g} s")
        self._note_handshake(ending=True)
        self.turn_away(f"no WebSocket request within {bound:g} s")

    def _ping(self, pongs_before: int | None = None) -> None:
        if not self.is_open:
            return
        config = self._hub.config
        if self._frozen:
            self._later(config.ping_interval_s, self._ping)
        elif pongs_before is None:
            self.ws.ping()
            self._flush()
            self._later(config.ping_timeout_s, lambda seen=self.ws.pongs: self._ping(seen))
        elif self.ws.pongs == pongs_before:
            self.abort("harness", f"no answer to a WebSocket ping within {config.ping_timeout_s:g} s")
        else:
            self._later(config.ping_interval_s, self._ping)

    def _later(self, delay_s: float, action: object) -> None:
        self._timers = [timer for timer in self._timers if not timer.cancelled() and timer.when() > self._loop.time()]
        self._timers.append(self._loop.call_later(delay_s, action))  # type: ignore[arg-type]
