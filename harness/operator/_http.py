"""A very small HTTP/1.1 server for one page on one phone: one request a connection, everything bounded.

Who asks is looked at before anything else of the request is read: a stranger costs a head of some kilobytes. Strangers
have few connections at once, by address and together, and the oldest of theirs gives way to whoever comes next, so
that the phone always gets in. Only so many bodies are taken at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote, urlsplit

HEAD_BYTES = 16_384
HEAD_S = 10.0
BODY_S = 120.0
CONNECTIONS = 32  # of strangers, together
OF_AN_ADDRESS = 8  # of strangers there
KNOWN = 32  # of those who know the word: phones that wait for news
BODIES = 2  # at a time
CLOSING = 5  # times that what is open is told to end


@dataclass(frozen=True)
class Request:
    """`path` is decoded, `query` holds the first value of each name, header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """Status code, content type and body."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


Handler = Callable[[Request], Awaitable[Response]]
Admit = Callable[[Request], Response | None]  # looks at a request without its body: what refuses it, or None
REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}
REASONS |= {409: "Conflict", 411: "Length Required", 413: "Content Too Large", 421: "Misdirected Request"}
REASONS |= {500: "Internal Server Error", 503: "Service Unavailable"}


@dataclass(eq=False)
class _Peer:
    """A connection: whose, and whether it has shown that it may ask."""

    task: asyncio.Task[None]
    address: str
    known: bool = False


class HttpServer:
    """Serves `handler` on host and port (0: any) to whom `admit` lets in. `body_bytes` bounds a request's body."""

    def __init__(self, handler: Handler, *, admit: Admit, body_bytes: int, tls: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self._admit = admit
        self._body_bytes = body_bytes
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], _Peer] = {}  # the oldest first
        self._bodies = 0

    async def start(self, host: str, port: int, *, listening: socket.socket | None = None) -> int:
        """Listen, or take over what listens already; the port in use. Raises OSError when it is taken."""
        if listening is not None:
            self._server = await asyncio.start_server(self._serve, sock=listening, limit=HEAD_BYTES)
        else:
            self._server = await asyncio.start_server(self._serve, host, port, limit=HEAD_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and drop what is open."""
        if self._server is not None:
            self._server.close()
        for _ in range(CLOSING):  # one that has just what it waited for goes on, and waits for something else
            if not self._open:
                break
            for task in tuple(self._open):
                task.cancel()
            await asyncio.wait(tuple(self._open), timeout=1)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        peer = _Peer(task, str((writer.get_extra_info("peername") or ("",))[0]))
        self._make_room(peer.address)
        self._open[task] = peer
        try:
            if self._tls is not None:
                async with asyncio.timeout(HEAD_S):  # in this very step: what was read before it would be lost
                    await writer.start_tls(self._tls)
            response = await self._respond(reader, peer)
            writer.write(_encode(response))
            await asyncio.wait_for(writer.drain(), HEAD_S)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # a phone that went away; its prompt stays pending
        finally:
            self._open.pop(task, None)
            with contextlib.suppress(OSError):
                writer.close()

    def _make_room(self, address: str) -> None:
        """The oldest stranger goes, of this address before any other."""
        strangers = [each for each in self._open.values() if not each.known]
        same = [each for each in strangers if each.address == address]
        gone = same[:1] if len(same) >= OF_AN_ADDRESS else strangers[:1] if len(strangers) >= CONNECTIONS else []
        for each in gone:
            self._open.pop(each.task, None)
            each.task.cancel()

    async def _respond(self, reader: asyncio.StreamReader, peer: _Peer) -> Response:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_S)
            request, length = _parse(head)
        except asyncio.LimitOverrunError:
            return Response(413)
        except ValueError:
            return Response(400)
        if "transfer-encoding" in request.headers or length < 0:
            return Response(411)
        if (refused := self._admit(request)) is not None:
            return refused  # and its body is not read
        if length > self._body_bytes:
            return Response(413, b'{"error": "that is too large"}')
        if sum(each.known for each in self._open.values()) >= KNOWN or (length and self._bodies >= BODIES):
            return Response(503, b'{"error": "too much at once; try again in a moment"}')
        peer.known = True
        self._bodies += bool(length)
        try:
            body = await asyncio.wait_for(reader.readexactly(length), BODY_S)
            return await self._handler(replace(request, body=body))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            raise
        except Exception as error:
            return Response(500, f'{{"error": "{type(error).__name__}"}}'.encode())
        finally:
            self._bodies -= bool(length)


def _parse(head: bytes) -> tuple[Request, int]:
    """A request without its body, and how long that is. Raises ValueError; a header that decides is given once."""
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(version)
    headers: dict[str, str] = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            if name in headers and name in ("host", "origin", "content-length", "transfer-encoding"):
                raise ValueError(name)
            headers[name] = value.strip()
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 20:
        raise ValueError(length)
    split = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
    return Request(method, unquote(split.path), query, headers), int(length)


def _encode(response: Response) -> bytes:
    head = (
        f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Unknown')}\r\n"
        f"Content-Type: {response.content_type}\r\nContent-Length: {len(response.body)}\r\n"
        "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
        "Content-Security-Policy: default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\n\r\n"
    )
    return head.encode("latin-1") + response.body
