"""One connection of a charging station: the WebSocket handshake, then messages; all of it recorded."""

from __future__ import annotations

import asyncio
from collections import deque

from websockets.http11 import Request

from harness.csms.line._hub import Hub
from harness.csms.line._telling import tell_closed, tell_open
from harness.csms.line._upgrade import CLOSE_WAIT_S, Upgrading
from harness.csms.line._websocket import Oversize, Text

_SLICE = 64  # messages handled before other work of the loop gets its turn
_PORTION, _PACKED_PORTION = 262_144, 2_048  # octets given to the WebSocket at once: all of a read, less where it grows
_ASIDES_REFUSED = 100  # frames that one who was refused may still send before its connection is reset


class Connection(Upgrading):
    """Lives from accept to close."""

    def __init__(self, hub: Hub[Connection], number: int) -> None:
        super().__init__(hub, number)
        self._raw: deque[tuple[bytes, int]] = deque()  # what came and was not read yet, and when it came
        self._inbox: deque[Text | Oversize] = deque()
        self._pump_due = False
        self._eof_due = False
        self._deaf = False
        self._asides = 0

    # --- what asyncio tells -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.quiet = not self.control and not self._hub.may_tell(self)
        if not self.quiet:
            self.look_who()  # now: it may be gone when there is something to tell
        if not self._hub.attached(self):
            self.turn_away("too many connections at once", cause="full")
            return
        self._later(self._hub.config.handshake_timeout_s, self._too_slow)
        if self._hub.config.secure:
            self.tls = self._hub.tls_pipe(self.scenario, self.port)

    def eof_received(self) -> bool:
        self._note_handshake(ending=True)
        if self._raw or self._inbox:
            self._eof_due = True  # what came before it is read first
            return True
        self._take_eof()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closed:
            return
        self._closed = True
        self._stop_timers()
        self._note_handshake(ending=True)
        try:
            while (self._raw or self._inbox) and not self._deaf:
                self._work()
            self._take_all(self.ws.eof(self._hub.recorder.clock.mono_ns()))
            while self._inbox:
                self._handle(self._inbox.popleft())
        except Exception as error:
            self._fault_of_ours(error)
        if self._opened:
            tell_closed(self._hub.recorder, self, exc)
        elif not (self.refused or self.control or self.tls_failed or self.quiet):
            tell_closed(self._hub.recorder, self, exc, before_open=True)
        self._hub.lost(self)
        if self.tls is not None:
            self.tls.release()

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
        return True

    def close(self, code: int, reason: str) -> None:
        """Close the WebSocket properly; cut it when the station does not take part."""
        if self.ws.connecting:
            self.abort("harness", reason)
            return
        self.ws.close(code, reason)
        self._flush()
        self._later(CLOSE_WAIT_S, lambda: self.abort("harness", f"{reason} (the station did not answer the close)"))

    def cut(self, reason: str) -> int:
        """Close it for what came over it: nothing further is read. Returns how many messages were dropped unread."""
        dropped = len(self._inbox)
        self._deaf = True
        self._raw.clear()
        self._inbox.clear()
        self.ended = self.ended or ("harness", reason)
        self.ws.fail(1008, reason)
        self._flush()
        self._shut()
        return dropped

    # --- inside -----------------------------------------------------------------------------------------------------

    def _plain(self, data: bytes, t_ns: int) -> None:
        if self._deaf:
            return
        self._raw.append((data, t_ns))
        if not self._pump_due:
            self._pump()

    def _pump(self) -> None:
        """Read and handle what came in, a slice at a time, so that a flood delays nobody else."""
        self._pump_due = False
        if self._frozen or self._closed:
            return
        try:
            self._work()
        except Exception as error:
            self._fault_of_ours(error)
            return
        if self._raw or self._inbox:
            self._pump_due = True
            self._loop.call_soon(self._pump)
        elif self._eof_due:
            self._take_eof()
            self._shut()
        self._flush()
        self._steer_reading()

    def _work(self) -> None:
        """A slice: portions are read only as what they held is handled, so that little waits in memory."""
        handled = portions = 0
        while handled < _SLICE and portions < _SLICE and (self._raw or self._inbox):
            if self._inbox:
                self._handle(self._inbox.popleft())
                handled += 1
            else:
                self._read_portion(*self._raw.popleft())
                portions += 1

    def _read_portion(self, data: bytes, t_ns: int) -> None:
        most = _PACKED_PORTION if self.ws.inflates else _PORTION
        if len(data) > most:
            self._raw.appendleft((data[most:], t_ns))
        self._take_all(self.ws.feed(data[:most], t_ns))
        if unread := self.ws.unread():
            self._raw.appendleft((unread, t_ns))
        if self._opened:
            new, self._asides = self.ws.asides - self._asides, self.ws.asides
            if new:
                self._hub.aside(self, new)
        elif not self.refused and (self.ws.not_http or self.ws.request_too_long):
            most = self._hub.config.budgets.request_octets
            long = f"sent a request of more than {most} bytes"
            self.turn_away(long if self.ws.request_too_long else "sent something that is not a WebSocket request")
        elif self.refused and self.ws.asides > _ASIDES_REFUSED:
            self.abort("harness", "was refused and went on sending")
        if self._turned_away:
            self._raw.clear()

    def _take_eof(self) -> None:
        self._take_all(self.ws.eof(self._hub.recorder.clock.mono_ns()))
        while self._inbox:
            self._handle(self._inbox.popleft())
        self._flush()

    def _take_all(self, happenings: list[Request | Text | Oversize]) -> None:
        for happened in happenings:
            if isinstance(happened, Request):
                self._asked(happened)
            elif not self._deaf:
                self._inbox.append(happened)

    def _open(self, version: str | None) -> None:
        if self.quiet:
            self.look_who()
        self.version, self.quiet = version, False
        self._note_handshake()
        tell_open(self._hub.recorder, self)
        self._flush()
        self._opened = True
        self._hub.opened(self)
        if self._hub.config.ping_interval_s > 0:
            self._later(self._hub.config.ping_interval_s, self._ping)

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
        return bool(self._raw or self._inbox)

    def thaw(self) -> None:
        """Let traffic flow again."""
        super().thaw()
        self._pump()

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
