"""As much of HTTP/1.1 as handing over files takes: a request's head, a body in portions, an answer."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import unquote

HEAD_BYTES = 16_384
PIECE = 65_536
_MOST_DIGITS = 15  # of a length: no file has more octets than that
_WORDS = {200: "OK", 201: "Created", 206: "Partial Content", 404: "Not Found", 405: "Method Not Allowed"}


@dataclass(frozen=True)
class Head:
    """A request without its body. `parts` are those of its path, decoded; `headers` by lower-case name."""

    method: str
    target: str
    parts: tuple[str, ...]
    headers: dict[str, str]

    @property
    def length(self) -> int | None:
        """The body's octets; None when it comes in chunks. Raises ValueError when it says neither properly."""
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return None
        return number(self.headers.get("content-length", "0"))

    def first_octet(self, of: int) -> int:
        """Where the range begins that is asked for; 0 without one, or with one that is not served."""
        first = self.headers.get("range", "").removeprefix("bytes=").split("-", 1)[0]
        wanted = int(first) if first.isascii() and first.isdigit() and len(first) <= _MOST_DIGITS else 0
        return wanted if wanted < of else 0


async def read_head(reader: asyncio.StreamReader) -> Head:
    """The next request. Raises ValueError, IncompleteReadError or LimitOverrunError when there is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    request, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = request.split(" ", 2)
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines) if k}
    parts = tuple(unquote(part) for part in target.split("?", 1)[0].split("/") if part)
    return Head(method, target, parts, headers)


async def body(reader: asyncio.StreamReader, length: int | None, idle_s: float) -> AsyncIterator[bytes]:
    """The body in portions, each within `idle_s`. Raises TimeoutError, ValueError, IncompleteReadError."""
    if length is not None:
        async for piece in _exactly(reader, length, idle_s):
            yield piece
        return
    while size := await _chunk_size(reader, idle_s):
        async for piece in _exactly(reader, size, idle_s):
            yield piece
        await _line(reader, idle_s)
    while (await _line(reader, idle_s)).strip():
        pass  # trailers


async def _exactly(reader: asyncio.StreamReader, length: int, idle_s: float) -> AsyncIterator[bytes]:
    while length:
        async with asyncio.timeout(idle_s):
            piece = await reader.read(min(PIECE, length))
        if not piece:
            raise asyncio.IncompleteReadError(b"", length)
        length -= len(piece)
        yield piece


async def _chunk_size(reader: asyncio.StreamReader, idle_s: float) -> int:
    text = (await _line(reader, idle_s)).split(b";")[0].strip()
    if not text or len(text) > _MOST_DIGITS:
        raise ValueError("no chunk's size")
    return int(text, 16)


async def _line(reader: asyncio.StreamReader, idle_s: float) -> bytes:
    async with asyncio.timeout(idle_s):
        return await reader.readuntil(b"\r\n")


async def shake_hands(writer: asyncio.StreamWriter, context: ssl.SSLContext, within_s: float) -> None:
    """Speak TLS from here on, as its server. Raises OSError (ssl.SSLError among them) when that does not succeed."""
    before = writer.transport
    try:
        await writer.start_tls(context, ssl_handshake_timeout=within_s)
    finally:
        if writer.transport is None:  # Python 3.11 forgets the transport of one who went away meanwhile
            writer._transport = before
    if writer.transport is before:
        raise ConnectionResetError("gone before the TLS handshake was complete")


def number(text: str) -> int:
    """A count of octets. Raises ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ValueError(f"{text[:20]!r} is no length")
    return int(text)


def answer(
    writer: asyncio.StreamWriter,
    status: int,
    text: bytes = b"",
    length: int | None = None,
    more: dict[str, str] | None = None,
) -> None:
    """An answer's head and short body; `length` where the body is longer and follows."""
    lines = [f"HTTP/1.1 {status} {_WORDS.get(status, 'Error')}", "Connection: close"]
    lines.append(f"Content-Length: {len(text) if length is None else length}")
    lines += [f"{name}: {value}" for name, value in (more or {}).items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + text)
