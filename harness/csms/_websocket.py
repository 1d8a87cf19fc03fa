"""The server side of one WebSocket, without a socket: bounded in size, whole messages out, oversize ones told apart."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import PayloadTooBig
from websockets.extensions.base import Extension
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.streams import StreamReader
from websockets.typing import ExtensionParameter, Subprotocol

_SILENT = logging.getLogger("harness.csms.websocket")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False
_HEAD = 4096  # bytes kept of a message that is too large


@dataclass(slots=True)
class Text:
    """A whole message. `faults` name what was wrong with it as a WebSocket message."""

    text: str
    t_ns: int
    faults: tuple[str, ...] = ()


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

    def __init__(self, max_message_bytes: int, *, compression: bool) -> None:
        self.max_message_bytes = max_message_bytes
        extensions = [_BoundedDeflateFactory(max_message_bytes)] if compression else None
        # the reader bounds single frames, `_collect` whole messages; the library's own bound would hide what came
        self._protocol = ServerProtocol(extensions=extensions, max_size=None, logger=_SILENT)
        self._protocol.reader = self._reader = _BoundedReader(max_message_bytes)
        self._protocol.parser = self._protocol.parse()
        next(self._protocol.parser)
        self._parts: list[bytes] = []
        self._size = 0
        self._kind = Opcode.TEXT
        self.pongs = 0
        self._told_bomb = False

    def feed(self, data: bytes, t_ns: int) -> list[Happening]:
        """Take bytes; returns what they completed, in order."""
        if self._reader.eof:
            return []
        self._protocol.receive_data(data)
        happened = self._happened(t_ns)
        huge = self._reader.take_huge()
        if huge is not None:
            happened.append(Oversize(huge.head, huge.length, huge.digest, t_ns))
        elif isinstance(self._protocol.parser_exc, PayloadTooBig) and not self._told_bomb:
            self._told_bomb = True
            happened.append(Oversize(b"(compressed)", self.max_message_bytes + 1, None, t_ns))
        return happened

    def eof(self) -> None:
        """The peer closed its side."""
        self._protocol.receive_eof()

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
        return happened

    def _collect(self, frame: Frame, t_ns: int) -> Text | Oversize | None:
        if frame.opcode is Opcode.PONG:
            self.pongs += 1
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return None
        if frame.opcode is not Opcode.CONT:
            self._parts, self._size, self._kind = [], 0, frame.opcode
        self._parts.append(bytes(frame.data))
        self._size += len(frame.data)
        if self._size > self.max_message_bytes:
            head = b"".join(self._parts)[:_HEAD]
            size, self._parts, self._size = self._size, [], 0
            self.fail(1009, "message too big")
            return Oversize(head, size, None, t_ns)
        if not frame.fin:
            return None
        data, self._parts = b"".join(self._parts), []
        faults: tuple[str, ...] = ()
        if self._kind is Opcode.BINARY:
            faults = ("sent as a binary WebSocket message; OCPP-J uses text messages",)
        try:
            return Text(data.decode(), t_ns, faults)
        except UnicodeDecodeError as error:
            self.fail(1007, "invalid UTF-8")
            fault = f"not UTF-8 at byte {error.start} (OCPP-J Part 4, 4.1.2)"
            return Text(data.decode("utf-8", "replace"), t_ns, (*faults, fault))


@dataclass(slots=True)
class _Huge:
    head: bytes
    length: int
    digest: str | None


class _BoundedReader(StreamReader):
    """Reads frames, and drains one that is too large piece by piece instead of keeping it."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._last = b""
        self._huge: _Huge | None = None

    def take_huge(self) -> _Huge | None:
        """The oversize frame that ended the connection, once."""
        huge, self._huge = self._huge, None
        return huge

    def read_exact(self, n: int) -> Generator[None, None, bytearray]:
        if n <= self._limit:
            data = yield from super().read_exact(n)
            if n == 4:
                self._last = bytes(data)  # the mask stands right before the payload
            return data
        self._huge_so_far = _Drained(self._last, n)
        while not self._huge_so_far.complete and not self.eof:
            self._huge_so_far.take(self.buffer)
            if not self._huge_so_far.complete:
                yield
        self._huge = self._huge_so_far.result()
        raise PayloadTooBig(n, self._limit)


class _Drained:
    """Unmasks, hashes and forgets; gives up after `_AT_MOST` bytes."""

    _AT_MOST = 256 << 20

    def __init__(self, mask: bytes, length: int) -> None:
        self._mask = mask
        self._length = length
        self._seen = 0
        self._head = b""
        self._hash = hashlib.sha256()

    @property
    def complete(self) -> bool:
        return self._seen >= min(self._length, self._AT_MOST)

    def take(self, buffer: bytearray) -> None:
        usable = min(len(buffer), self._length - self._seen)
        data = bytes(buffer[:usable])
        del buffer[:usable]
        turn = self._seen % 4
        mask = self._mask[turn:] + self._mask[:turn]
        plain = _unmask(data, mask)
        self._seen += usable
        self._hash.update(plain)
        if len(self._head) < _HEAD:
            self._head += plain[: _HEAD - len(self._head)]

    def result(self) -> _Huge:
        return _Huge(self._head, self._length, self._hash.hexdigest() if self._seen == self._length else None)


def _unmask(data: bytes, mask: bytes) -> bytes:
    if not data or len(mask) != 4:
        return data
    repeated = int.from_bytes((mask * (len(data) // 4 + 1))[: len(data)], "big")
    return (int.from_bytes(data, "big") ^ repeated).to_bytes(len(data), "big")


class _BoundedDeflate(Extension):
    """permessage-deflate that never inflates beyond the bound (a zip bomb ends the connection)."""

    def __init__(self, inner: Extension, limit: int) -> None:
        self._inner = inner
        self._limit = limit
        self.name = inner.name

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        return self._inner.decode(frame, max_size=self._limit)

    def encode(self, frame: Frame) -> Frame:
        return self._inner.encode(frame)


class _BoundedDeflateFactory(ServerPerMessageDeflateFactory):
    """A CSMS must offer RFC 7692 compression (OCPP-J Part 4, 3.4)."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], Any]:
        response, inner = super().process_request_params(params, accepted_extensions)
        return response, _BoundedDeflate(inner, self._limit)
