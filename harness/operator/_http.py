"""A very small HTTP/1.1 server for one page on one phone: one request a connection, everything bounded."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

HEAD_BYTES = 16_384
HEAD_S = 10.0
BODY_S = 120.0
CONNECTIONS = 32


@dataclass(frozen=True)
class Request:
    """`path` is decoded, `query` holds the first value of each name, header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    """Status code, content type and body."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


Handler = Callable[[Request], Awaitable[Response]]
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict"}
REASONS |= {411: "Length Required", 413: "Content Too Large", 500: "Internal Server Error", 503: "Service Unavailable"}


class HttpServer:
    """Serves `handler` on host and port (0: any). `body_bytes` bounds a request's body."""

    def __init__(self, handler: Handler, *, body_bytes: int) -> None:
        self._handler = handler
        self._body_bytes = body_bytes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; the port in use. Raises OSError when it is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=HEAD_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and drop what is open."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            response = Response(503) if len(self._open) > CONNECTIONS else await self._respond(reader)
            writer.write(_encode(response))
            await asyncio.wait_for(writer.drain(), HEAD_S)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # a phone that went away; its prompt stays pending
        finally:
            self._open.discard(task)
            with contextlib.suppress(OSError):
                writer.close()

    async def _respond(self, reader: asyncio.StreamReader) -> Response:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_S)
            method, target, headers = _parse(head)
            length = int(headers.get("content-length", "0"))
        except asyncio.LimitOverrunError:
            return Response(413)
        except ValueError:
            return Response(400)
        if "transfer-encoding" in headers or length < 0:
            return Response(411)
        if length > self._body_bytes:
            return Response(413, b'{"error": "that is too large"}')
        body = await asyncio.wait_for(reader.readexactly(length), BODY_S)
        split = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
        try:
            return await self._handler(Request(method, unquote(split.path), query, headers, body))
        except Exception as error:
            return Response(500, f'{{"error": "{type(error).__name__}"}}'.encode())


def _parse(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(version)
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return method, target, headers


def _encode(response: Response) -> bytes:
    head = (
        f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Unknown')}\r\n"
        f"Content-Type: {response.content_type}\r\nContent-Length: {len(response.body)}\r\n"
        "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'self' 'unsafe-inline'; img-src 'self' blob:\r\n"
        "Referrer-Policy: no-referrer\r\n\r\n"
    )
    return head.encode("latin-1") + response.body
