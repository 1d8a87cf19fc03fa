"""A small HTTP and HTTPS file server for firmware and logs, with downloads that break off on request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from harness.trace import Recorder

_HEAD_BYTES = 16_384
_IDLE_S = 30.0
_PIECE = 65_536
_UPLOAD_BYTES = 64 << 20


@dataclass
class _Served:
    body: bytes
    interrupt_after: int | None
    times: int | None  # how many downloads are still interrupted; None: all


class FileServer:
    """Serves bytes under names, by GET and HEAD (with ranges), and takes uploads by PUT and POST.

    Every request is a `file.request` event [dut]: {method, name, status, bytes, complete, range, remote}. `tls` makes
    the settings for HTTPS, which is spoken on a port of its own, under `public_name`; without it there is none.
    """

    def __init__(
        self,
        recorder: Recorder,
        host: str,
        public_name: str = "127.0.0.1",
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self.uploads: dict[str, bytes] = {}
        self._recorder = recorder
        self._host = host
        self._public_name = public_name if host in ("0.0.0.0", "::") else host  # a wildcard is no address to fetch from
        self._files: dict[str, _Served] = {}
        self._certified_name = public_name
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._secure_server: asyncio.Server | None = None
        self._port = self._secure_port = 0
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Listen; does nothing when it listens already."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, self._host, self._port, limit=_HEAD_BYTES)
            self._port = int(self._server.sockets[0].getsockname()[1])
        if self._secure_server is None and self._tls is not None:
            secure = await asyncio.start_server(
                self._serve, self._host, self._secure_port, limit=_HEAD_BYTES, ssl=self._tls()
            )
            self._secure_server, self._secure_port = secure, int(secure.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and drop what is under way."""
        for server in (self._server, self._secure_server):
            if server is not None:
                server.close()
        self._server = self._secure_server = None
        for writer in list(self._open):
            writer.transport.abort()

    def serve(
        self,
        name: str,
        body: bytes,
        *,
        interrupt_after: int | None = None,
        interruptions: int | None = None,
        secure: bool = False,
    ) -> str:
        """Offer `body` under `name` and return its URL; `secure` its HTTPS one.

        With `interrupt_after` the connection is closed after so many bytes; `interruptions` bounds how often (None:
        always), so that a station's retry may succeed. Raises RuntimeError before `start`, or without HTTPS.
        """
        if self._server is None:
            raise RuntimeError("the file server is not listening; it starts with the CSMS")
        if secure and self._secure_server is None:
            raise RuntimeError("the file server has no HTTPS; a CSMS of security profile 2 or 3 has")
        self._files[name] = _Served(body, interrupt_after, interruptions)
        return self.url(name, secure=secure)

    @property
    def speaks_https(self) -> bool:
        """Whether files can be had by HTTPS."""
        return self._secure_server is not None

    def withdraw(self, name: str) -> None:
        """Offer it no longer (404)."""
        self._files.pop(name, None)

    def url(self, name: str = "", *, secure: bool = False) -> str:
        """The URL of a file; the server must have been started."""
        host = self._certified_name if secure else self._public_name
        where = f"[{host}]" if ":" in host else host
        scheme, port = ("https", self._secure_port) if secure else ("http", self._port)
        return f"{scheme}://{where}:{port}/{quote(name)}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            async with asyncio.timeout(_IDLE_S):
                head = await reader.readuntil(b"\r\n\r\n")
            request, *lines = head.decode("latin-1").split("\r\n")
            method, target, _version = request.split(" ", 2)
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines) if k}
            name = unquote(target.split("?", 1)[0].lstrip("/"))
            if method in ("GET", "HEAD"):
                await self._download(writer, method, name, headers.get("range"))
            elif method in ("PUT", "POST"):
                await self._upload(reader, writer, method, name, headers)
            else:
                self._answer(writer, 405, b"")
                self._tell(writer, method, name, 405, 0, True, None)
            if not writer.is_closing():
                await writer.drain()
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            self._tell(writer, "?", "", 0, 0, False, f"no proper HTTP request: {type(error).__name__}")
        finally:
            self._open.discard(writer)
            writer.close()

    async def _download(self, writer: asyncio.StreamWriter, method: str, name: str, wanted: str | None) -> None:
        served = self._files.get(name)
        if served is None:
            self._answer(writer, 404, b"no such file\n")
            self._tell(writer, method, name, 404, 0, True, wanted)
            return
        start = _range_start(wanted, len(served.body))
        body = served.body[start:]
        more = {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
        if start:
            more["Content-Range"] = f"bytes {start}-{len(served.body) - 1}/{len(served.body)}"
        status = 206 if start else 200
        if method == "HEAD":
            self._answer(writer, status, b"", len(body), more)
            self._tell(writer, method, name, status, 0, True, wanted)
            return
        cut = served.interrupt_after if served.times is None or served.times > 0 else None
        sent = body if cut is None else body[: max(0, cut - start)]
        self._answer(writer, status, b"", len(body), more)
        delivered = 0
        try:
            for at in range(0, len(sent), _PIECE):
                writer.write(sent[at : at + _PIECE])
                async with asyncio.timeout(_IDLE_S):
                    await writer.drain()
                delivered += len(sent[at : at + _PIECE])
        except (OSError, TimeoutError):
            self._tell(writer, method, name, status, delivered, False, wanted)
            return
        self._tell(writer, method, name, status, delivered, cut is None, wanted)
        if cut is not None:
            if served.times is not None:
                served.times -= 1
            writer.close()  # what was promised in Content-Length never comes

    async def _upload(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        method: str,
        name: str,
        headers: dict[str, str],
    ) -> None:
        length = int(headers.get("content-length", "0"))
        if length > _UPLOAD_BYTES:
            self._answer(writer, 413, b"")
            self._tell(writer, method, name, 413, 0, False, None)
            return
        async with asyncio.timeout(_IDLE_S):
            self.uploads[name] = await reader.readexactly(length)
        self._answer(writer, 201, b"")
        self._tell(writer, method, name, 201, length, True, None)

    def _answer(
        self,
        writer: asyncio.StreamWriter,
        status: int,
        body: bytes,
        length: int | None = None,
        more: dict[str, str] | None = None,
    ) -> None:
        words = {200: "OK", 201: "Created", 206: "Partial Content", 404: "Not Found", 405: "Method Not Allowed"}
        lines = [f"HTTP/1.1 {status} {words.get(status, 'Error')}", "Connection: close"]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        lines += [f"{name}: {value}" for name, value in (more or {}).items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def _tell(
        self,
        writer: asyncio.StreamWriter,
        method: str,
        name: str,
        status: int,
        count: int,
        complete: bool,
        more: str | None,
    ) -> None:
        peer = writer.get_extra_info("peername") or ("?", 0)
        self._recorder.record(
            "file.request",
            "dut",
            {
                "method": method,
                "name": name,
                "status": status,
                "bytes": count,
                "complete": complete,
                "range": more,
                "remote": f"{peer[0]}:{peer[1]}",
            },
        )


def _range_start(wanted: str | None, length: int) -> int:
    if wanted is None or not wanted.startswith("bytes="):
        return 0
    first = wanted.removeprefix("bytes=").split("-", 1)[0]
    return int(first) if first.isdigit() and int(first) < length else 0
