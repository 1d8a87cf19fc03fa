"""One connection of a charging station: the WebSocket handshake, then messages; all of it recorded."""

from __future__ import annotations

import asyncio
from collections import deque
from urllib.parse import unquote

from websockets.datastructures import MultipleValuesError
from websockets.http11 import Request

from harness.csms.line._admission import proof_of
from harness.csms.line._hub import Hub, Refusal
from harness.csms.line._secure_duct import SecureDuct
from harness.csms.line._telling import tell_closed, tell_open, tell_refused
from harness.csms.line._websocket import Oversize, Text, WebSocket

_SLICE = 64  # messages handled before other work of the loop gets its turn
_PORTION = 16_384  # bytes given to the WebSocket at once, which may inflate to a thousand times as much
_INBOX_BYTES = 16 << 20
_CLOSE_WAIT_S = 3.0


class Connection(SecureDuct):
    """Lives from accept to close. `identity` and `version` are None until the WebSocket was asked for and opened."""

    def __init__(self, hub: Hub[Connection], number: int) -> None:
        super().__init__(hub, number)
        self.identity: str | None = None
        self.version: str | None = None
        self.path: str | None = None
        self.offered: list[str] = []
        self.proof: list[str] = []
        self.ws = WebSocket(hub.config.max_message_bytes, compression=hub.config.compression)
        self._inbox: deque[Text | Oversize] = deque()
        self._inbox_bytes = 0
        self._pump_due = False
        self._opened = False

    # --- what asyncio tells -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self._hub.attached(self):
            self.turn_away("too many connections at once", cause="full")
            return
        self._later(self._hub.config.handshake_timeout_s, self._too_slow)
        if self._hub.config.secure:
            self.tls = self._hub.tls_pipe(self.scenario, self.port)

    def eof_received(self) -> bool:
        self._note_handshake(ending=True)
        self._take_all(self.ws.eof(self._hub.recorder.clock.mono_ns()))
        self._flush()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closed:
            return
        self._closed = True
        self._stop_timers()
        self._note_handshake(ending=True)
        self._take_all(self.ws.eof(self._hub.recorder.clock.mono_ns()))
        while self._inbox:
            self._handle(self._inbox.popleft())
        if self._opened:
            tell_closed(self._hub.recorder, self, exc)
        elif not self.refused and not self.control and not self.tls_failed:
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
        unsent = self.unsent_bytes
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

    # --- inside -----------------------------------------------------------------------------------------------------

    def _plain(self, data: bytes, t_ns: int) -> None:
        for at in range(0, len(data), _PORTION):
            self._take_all(self.ws.feed(data[at : at + _PORTION], t_ns))
            if self._inbox_bytes > _INBOX_BYTES:
                self.ws.fail(1008, "too much at once")
                break
        if self.ws.not_http and not self._opened and not self.refused:
            self.turn_away("sent something that is not a WebSocket request")
            return
        if not self._pump_due:
            self._pump()
        self._flush()

    def _take_all(self, happenings: list[Request | Text | Oversize]) -> None:
        for happened in happenings:
            if isinstance(happened, Request):
                self._asked(happened)
            else:
                self._inbox.append(happened)
                self._inbox_bytes += len(happened.text) if isinstance(happened, Text) else 0

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
        self.proof = proof_of(self._hub.config, identity) if refusal is None else []
        self.identity = identity
        chosen = self._hub.choose(self.offered)
        if refusal is None and chosen is None:
            spoken = ", ".join(self._hub.versions)
            offered = f"offers only {', '.join(self.offered)}" if self.offered else "names no OCPP version"
            refusal = Refusal(101, f"{offered}; this CSMS speaks {spoken}")
        if refusal is not None and refusal.status != 101:
            self.refused = True
            self._tell_refused(refusal.reason, refusal.status)
            self.ws.reject(refusal.status, refusal.reason, refusal.headers)
        elif not self.ws.accept(request, chosen if refusal is None else None):
            self.refused = True
            self._tell_refused(f"no proper WebSocket request: {self.ws.handshake_fault}", 400)
        elif refusal is not None:  # Part 4, 3.3: finish the handshake without a subprotocol, then close at once
            self.refused = True
            self._tell_refused(refusal.reason, 101)
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
        if not self._inbox:
            self._inbox_bytes = 0
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

    def _flush(self) -> None:
        for data in self.ws.to_send():
            if data == b"":
                self._shut()
            else:
                self._write(data)

    def _busy(self) -> bool:
        return bool(self._inbox)

    def thaw(self) -> None:
        """Let traffic flow again."""
        super().thaw()
        self._pump()

    def _tell_refused(self, reason: str, status: int | None = None, cause: str | None = None) -> None:
        tell_refused(self._hub.recorder, self, reason, status, cause)

    def _too_slow(self) -> None:
        if self._opened or self.refused or self._closed:
            return
        if self._frozen:  # a dead network closes nothing
            self._later(self._hub.config.handshake_timeout_s, self._too_slow)
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
            seen = self.ws.pongs
            self._later(config.ping_timeout_s, lambda: self._ping(seen))
        elif self.ws.pongs == pongs_before:
            self.abort("harness", f"no answer to a WebSocket ping within {config.ping_timeout_s:g} s")
        else:
            self._later(config.ping_interval_s, self._ping)
