"""What keeps a WebSocket from taking in too much: an oversize frame is drained, a zip bomb is not inflated.

Why `websockets` is pinned: its public sans-I/O API gives up at the header of a frame beyond `max_size`, and says
neither how the frame began nor its digest, which are the evidence of what the charger did. So `_websocket.py` puts
the reader here in the place of the library's (`ServerProtocol.reader` and `.parser`, which are not its public API).
A new major version is let in once tests/csms was run with it (`BEFORE`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import PayloadTooBig
from websockets.extensions.base import Extension
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Frame
from websockets.streams import StreamReader
from websockets.typing import ExtensionParameter

BEFORE = 18  # the major version of `websockets` that this was not tried with
HEAD_BYTES = 4096  # kept of a message that is too large


@dataclass(slots=True)
class Huge:
    """A frame beyond the bound: first bytes, length, and its SHA-256 when all of it came."""

    head: bytes
    length: int
    digest: str | None


class BoundedReader(StreamReader):
    """Reads frames, and drains one that is too large piece by piece instead of keeping it."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._last = b""
        self._huge: Huge | None = None

    def take_huge(self) -> Huge | None:
        """The oversize frame that ended the connection, once."""
        huge, self._huge = self._huge, None
        return huge

    def read_exact(self, n: int) -> Generator[None, None, bytearray]:
        if n <= self._limit:
            data = yield from super().read_exact(n)
            if n == 4:
                self._last = bytes(data)  # the mask stands right before the payload
            return data
        drained = _Drained(self._last, n)
        while not drained.complete:
            drained.take(self.buffer)
            if self.eof or drained.complete:
                break
            yield
        self._huge = drained.result()
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
        if len(self._head) < HEAD_BYTES:
            self._head += plain[: HEAD_BYTES - len(self._head)]

    def result(self) -> Huge:
        return Huge(self._head, self._length, self._hash.hexdigest() if self._seen == self._length else None)


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


class BoundedDeflateFactory(ServerPerMessageDeflateFactory):
    """A CSMS must offer RFC 7692 compression (OCPP-J Part 4, 3.4)."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], Any]:
        response, inner = super().process_request_params(params, accepted_extensions)
        return response, _BoundedDeflate(inner, self._limit)
