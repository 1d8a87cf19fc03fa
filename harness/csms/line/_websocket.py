"""The server side of one WebSocket, without a socket: bounded in size, whole messages out, oversize ones told apart."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from websockets.exceptions import PayloadTooBig
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from harness.csms.line._bounded import HEAD_BYTES, BoundedDeflateFactory, BoundedReader

_SILENT = logging.getLogger("harness.csms.websocket")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


@dataclass(slots=True)
class Text:
    """A whole message. `faults` name what was wrong with it as a WebSocket message.

    `octets` is what came, where the text is not all of it; `binary`: it did not come as a text.
    """

    text: str
    t_ns: int
    faults: tuple[str, ...] = ()
    octets: bytes | None = None
    binary: bool = False


@dataclass(slots=True)
class Oversize:
    """A message larger than the bound: its first bytes, its length, and the digest of all of it when all of it came."""

    head: bytes
    length: int
    digest: str | None
    t_ns: int


Happening = Request | Text | Oversize


class WebSocket:
    """One connection's WebSocket. After each call fetch `to_send()`; b"" in it means: close our side."""

    def __init__(self, max_message_bytes: int, *, compression: bool, max_request_octets: int = 16 << 10) -> None:
        self.max_message_bytes = max_message_bytes
        self._max_request_octets = max_request_octets
        self._head_octets = 0
        self._head_tail = b""
        self._request_is_in = False
        self._unread = b""
        extensions = [BoundedDeflateFactory(max_message_bytes)] if compression else None
        # the reader bounds single frames, `_collect` whole messages; the library's own bound would hide what came
        self._protocol = ServerProtocol(extensions=extensions, max_size=None, logger=_SILENT)
        self._protocol.reader = self._reader = BoundedReader(max_message_bytes)
        self._protocol.parser = self._protocol.parse()
        next(self._protocol.parser)
        self._parts: list[bytes] = []
        self._size = 0
        self._kind = Opcode.TEXT
        self.pings = 0
        self.pongs = 0
        self.fragments = 0  # frames that go on with a message
        self._told_too_big = False

    def feed(self, data: bytes, t_ns: int) -> list[Happening]:
        """Take bytes; returns what they completed, in order.

        What comes behind the request is `unread`, to be fed once that was answered.
        """
        if self._reader.eof:
            return []
        if not self._request_is_in:
            data = self._head_of(data)
        self._protocol.receive_data(data)
        return self._happened(t_ns)

    def unread(self) -> bytes:
        """What was not taken yet, once."""
        unread, self._unread = self._unread, b""
        return unread

    @property
    def request_too_long(self) -> bool:
        """Whether the request went on for longer than a request may."""
        return self._head_octets > self._max_request_octets

    @property
    def inflates(self) -> bool:
        """Whether frames may come compressed."""
        return bool(self._protocol.extensions)

    @property
    def asides(self) -> int:
        """Frames so far that were no message."""
        return self.pings + self.pongs + self.fragments

    def _head_of(self, data: bytes) -> bytes:
        """As much of `data` as belongs to the request."""
        seen = self._head_tail + data
        end = seen.find(b"\r\n\r\n")
        if end >= 0:
            self._request_is_in = True
            cut = end + 4 - len(self._head_tail)
            data, self._unread = data[:cut], data[cut:]
        self._head_tail = seen[-3:]
        self._head_octets += len(data)
        return data

    def eof(self, t_ns: int) -> list[Happening]:
        """The peer closed its side; returns what was only half there (an oversize message)."""
        self._protocol.receive_eof()
        return self._happened(t_ns)

    def accept(self, request: Request, subprotocol: str | None) -> bool:
        """Answer the opening handshake with 101; False when the request itself is no proper WebSocket request."""
        chosen = Subprotocol(subprotocol) if subprotocol else None
        self._protocol.select_subprotocol = lambda subprotocols: chosen  # type: ignore[method-assign]
        response = self._protocol.accept(request)
        self._protocol.send_response(response)
        return response.status_code == 101

    def reject(self, status: int, text: str, headers: dict[str, str]) -> None:
        """Answer the opening handshake with an HTTP error."""
        response = self._protocol.reject(status, text + "\n")
        for name, value in headers.items():
            response.headers[name] = value
        self._protocol.send_response(response)

    def send(self, text: str) -> None:
        """Send a text message. The connection must be open."""
        self._protocol.send_text(text.encode("utf-8", "surrogatepass"))

    def ping(self) -> None:
        """Ask for a sign of life; `pongs` counts the answers."""
        if self.open:
            self._protocol.send_ping(b"chargeproof")

    def close(self, code: int, reason: str) -> None:
        """Start the closing handshake."""
        if self.open:
            self._protocol.send_close(code, reason[:120])

    def fail(self, code: int, reason: str) -> None:
        """Close without waiting for the peer's half of the closing handshake."""
        self._protocol.fail(code, reason[:120])

    def to_send(self) -> list[bytes]:
        """Bytes for the socket, in order; b"" means: close our side."""
        return self._protocol.data_to_send()

    @property
    def open(self) -> bool:
        """Whether messages can be sent."""
        return self._protocol.state is State.OPEN

    @property
    def connecting(self) -> bool:
        """Whether the opening handshake is still to come."""
        return self._protocol.state is State.CONNECTING

    @property
    def not_http(self) -> bool:
        """Whether what came was no HTTP request at all."""
        return self._protocol.handshake_exc is not None

    @property
    def handshake_fault(self) -> str:
        """What was wrong with the WebSocket request."""
        return str(self._protocol.handshake_exc or "")

    def ended(self) -> tuple[int, str, str | None]:
        """Close code, reason, who closed first ("dut", "harness"); (1006, text, None) without a closing handshake."""
        received, sent = self._protocol.close_rcvd, self._protocol.close_sent
        if received is not None and (sent is None or self._protocol.close_rcvd_then_sent):
            return int(received.code), received.reason, "dut"
        if sent is not None:
            return int(sent.code), sent.reason, "harness"
        return 1006, "the TCP connection ended without a WebSocket close", None

    def _happened(self, t_ns: int) -> list[Happening]:
        happened: list[Happening] = []
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                happened.append(event)
            elif isinstance(event, Frame):
                message = self._collect(event, t_ns)
                if message is not None:
                    happened.append(message)
        huge = self._reader.take_huge()
        if huge is not None:
            happened.append(Oversize(huge.head, huge.length, huge.digest, t_ns))
        elif isinstance(self._protocol.parser_exc, PayloadTooBig) and not self._told_too_big:
            happened.append(Oversize(b"(compressed)", self.max_message_bytes + 1, None, t_ns))
        self._told_too_big = isinstance(self._protocol.parser_exc, PayloadTooBig)
        return happened

    def _collect(self, frame: Frame, t_ns: int) -> Text | Oversize | None:
        if frame.opcode is not Opcode.TEXT:
            self.pings += frame.opcode is Opcode.PING
            self.pongs += frame.opcode is Opcode.PONG
            self.fragments += frame.opcode is Opcode.CONT
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return None
        if frame.opcode is not Opcode.CONT:
            self._parts, self._size, self._kind = [], 0, frame.opcode
        self._parts.append(bytes(frame.data))
        self._size += len(frame.data)
        if self._size > self.max_message_bytes:
            head = b"".join(self._parts)[:HEAD_BYTES]
            size, self._parts, self._size = self._size, [], 0
            self.fail(1009, "message too big")
            return Oversize(head, size, None, t_ns)
        if not frame.fin:
            return None
        data, self._parts = b"".join(self._parts), []
        faults: tuple[str, ...] = ()
        binary = self._kind is Opcode.BINARY
        if binary:
            faults = ("sent as a binary WebSocket message; OCPP-J uses text messages",)
        try:
            return Text(data.decode(), t_ns, faults, binary=binary)
        except UnicodeDecodeError as error:
            self.fail(1007, "invalid UTF-8")
            fault = f"not UTF-8 at byte {error.start} (OCPP-J Part 4, 4.1.2)"
            return Text(data.decode("utf-8", "replace"), t_ns, (*faults, fault), data, binary)
