"""A small HTTP and HTTPS file server for firmware and logs, with downloads that break off on request."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from urllib.parse import quote

from harness.csms._budgets import Budgets
from harness.csms.files import _http
from harness.csms.files._offers import Offer, Offers, Upload
from harness.csms.files._visits import Visit, Visits
from harness.trace import Recorder

_BROKEN = (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


class FileServer:
    """Serves what is offered, by GET and HEAD (with ranges), and takes uploads by PUT and POST where they are expected.

    Every address that is handed out holds a word that cannot be guessed. Every request is a `file.request` event: the
    charger's [dut] where it knows the word and comes from where the charger logged in, a caller's otherwise:
    {method, name, target, status, bytes, complete, range, remote}. `tls` makes the settings for HTTPS, which is spoken
    on a port of its own, under `public_name`; without it there is none.
    """

    def __init__(
        self,
        recorder: Recorder,
        host: str,
        public_name: str = "127.0.0.1",
        tls: Callable[[], ssl.SSLContext] | None = None,
        budgets: Budgets | None = None,
        is_charger: Callable[[str], bool] = lambda _host: True,
    ) -> None:
        self.uploads: dict[str, Upload] = {}
        self._budgets = budgets or Budgets()
        self._visits = Visits(recorder, self._budgets, is_charger)
        self._host = host
        self._public_name = public_name if host in ("0.0.0.0", "::") else host  # a wildcard is no address to fetch from
        self._offers = Offers()
        self._certified_name = public_name
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._secure_server: asyncio.Server | None = None
        self._port = self._secure_port = 0

    async def start(self) -> None:
        """Listen; does nothing when it listens already."""
        limit = _http.HEAD_BYTES
        if self._server is None:
            self._server = await asyncio.start_server(self._plain, self._host, self._port, limit=limit)
            self._port = int(self._server.sockets[0].getsockname()[1])
        if self._secure_server is None and self._tls is not None:
            # TLS begins once the connection was let in: those that never shake hands are counted like all others
            self._secure_server = await asyncio.start_server(self._secure, self._host, self._secure_port, limit=limit)
            self._secure_port = int(self._secure_server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and drop what is under way."""
        for server in (self._server, self._secure_server):
            if server is not None:
                server.close()
        self._server = self._secure_server = None
        self._visits.abort()

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
        self._must_speak(secure)
        return self._url_of(self._offers.add(name, body, interrupt_after, interruptions), secure)

    def upload_url(self, name: str, *, secure: bool = False) -> str:
        """Where a file may be uploaded, under `name` or a name below it; what comes stands in `uploads`.

        Raises RuntimeError before `start`, or without HTTPS.
        """
        self._must_speak(secure)
        return self._url_of(self._offers.add(name, None), secure)

    @property
    def speaks_https(self) -> bool:
        """Whether files can be had by HTTPS."""
        return self._secure_server is not None

    def withdraw(self, name: str) -> None:
        """Offer it no longer (404)."""
        self._offers.withdraw(name)

    def url(self, *, secure: bool = False) -> str:
        """Where the server listens; it must have been started."""
        host = self._certified_name if secure else self._public_name
        where = f"[{host}]" if ":" in host else host
        scheme, port = ("https", self._secure_port) if secure else ("http", self._port)
        return f"{scheme}://{where}:{port}/"

    def _url_of(self, offer: Offer, secure: bool) -> str:
        return f"{self.url(secure=secure)}{offer.word}/{quote(offer.name)}"

    def _must_speak(self, secure: bool) -> None:
        if self._server is None:
            raise RuntimeError("the file server is not listening; it starts with the CSMS")
        if secure and self._secure_server is None:
            raise RuntimeError("the file server has no HTTPS; a CSMS of security profile 2 or 3 has")

    async def _plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._visited(reader, writer, None)

    async def _secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._tls is not None
        await self._visited(reader, writer, self._tls)

    async def _visited(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: Callable[[], ssl.SSLContext] | None
    ) -> None:
        visit = self._visits.arrive(writer)
        if visit is None:
            return
        try:
            if tls is not None:
                await _http.shake_hands(writer, tls(), self._budgets.file_head_s)
            async with asyncio.timeout(self._budgets.file_head_s):
                head = await _http.read_head(reader)
            visit.method, visit.target = head.method, head.target
            visit.offer = self._offers.at(head.parts)
            await self._answer(visit, head, reader)
            if not writer.is_closing():
                async with asyncio.timeout(self._budgets.file_idle_s):
                    await writer.drain()
        except _BROKEN as error:
            self._visits.tell(visit, 0, 0, False, range=f"no proper HTTP request: {type(error).__name__}")
        finally:
            with contextlib.suppress(OSError):
                self._visits.leave(visit)

    async def _answer(self, visit: Visit, head: _http.Head, reader: asyncio.StreamReader) -> None:
        offer, known = visit.offer, head.method in ("GET", "HEAD", "PUT", "POST")
        if offer is not None and offer.body is not None and head.method in ("GET", "HEAD"):
            visit.name = offer.name
            await self._download(visit, offer, head)
        elif offer is not None and offer.body is None and head.method in ("PUT", "POST"):
            visit.name = "/".join(head.parts[1:]) or offer.name
            await self._upload(visit, offer, head, reader)
        else:
            status = 404 if known else 405
            _http.answer(visit.writer, status, b"no such file\n" if known else b"")
            self._visits.tell(visit, status, 0, True, range=head.headers.get("range", "")[:100] or None)

    async def _download(self, visit: Visit, offer: Offer, head: _http.Head) -> None:
        assert offer.body is not None
        start = head.first_octet(len(offer.body))
        whole = memoryview(offer.body)[start:]
        more = {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
        if start:
            more["Content-Range"] = f"bytes {start}-{len(offer.body) - 1}/{len(offer.body)}"
        status, asked = 206 if start else 200, head.headers.get("range", "")[:100] or None
        _http.answer(visit.writer, status, b"", len(whole), more)
        if head.method == "HEAD":
            self._visits.tell(visit, status, 0, True, range=asked)
            return
        cut = offer.interrupt_after if offer.times is None or offer.times > 0 else None
        sent = whole if cut is None else whole[: max(0, cut - start)]
        delivered = 0
        try:
            for at in range(0, len(sent), _http.PIECE):
                piece = sent[at : at + _http.PIECE]
                visit.writer.write(piece)
                async with asyncio.timeout(self._budgets.file_idle_s):
                    await visit.writer.drain()
                delivered += len(piece)
        except (OSError, TimeoutError):
            self._visits.tell(visit, status, delivered, False, range=asked)
            visit.writer.transport.abort()
            return
        self._visits.tell(visit, status, delivered, cut is None, range=asked)
        if cut is not None:
            if offer.times is not None:
                offer.times -= 1
            visit.writer.close()  # what was promised in Content-Length never comes

    async def _upload(self, visit: Visit, offer: Offer, head: _http.Head, reader: asyncio.StreamReader) -> None:
        length, most = head.length, self._budgets.upload_octets
        came, fits = Upload(), offer.takes(visit.name)
        if fits and (length or 0) <= most:
            offer.received.add(visit.name)
            if head.headers.get("expect", "").lower() == "100-continue":
                visit.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            async for piece in _http.body(reader, length, self._budgets.file_idle_s):
                came.add(piece)
                if came.length > most:
                    break
        if not fits or max(length or 0, came.length) > most:
            _http.answer(visit.writer, 413)
            self._visits.tell(visit, 413, came.length, False)
            return
        self.uploads[visit.name] = came
        _http.answer(visit.writer, 201)
        self._visits.tell(visit, 201, came.length, True, sha256=came.sha256)
