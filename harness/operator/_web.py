"""The person with a phone: a page that shows the open questions and takes answers and photographs."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from harness.operator._http import HttpServer, Request, Response
from harness.operator._model import BadAnswer, Prompt, fit
from harness.operator._outside import is_ours, outside, url_of
from harness.operator._photo import MOST_BYTES, SUFFIXES, checked_photo
from harness.operator._recording import BOUND_S, RecordingOperator, Said
from harness.trace import Recorder

POLL_S = 20.0


@dataclass
class _Pending:
    prompt: Prompt
    answer: asyncio.Future[Said]


class WebOperator(RecordingOperator):
    """Open questions live here, not in the page: a refresh, a second phone or a dead battery loses nothing.

    `url` holds a secret word, so that a stranger in the same network cannot answer. Call `start` first.
    """

    where = "on the operator's page"

    def __init__(
        self,
        recorder: Recorder,
        attachments: Path,
        *,
        bound_s: float = BOUND_S,
        tls: ssl.SSLContext | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(recorder, attachments, bound_s=bound_s)
        self._server = HttpServer(self._handle, admit=self._admit, body_bytes=MOST_BYTES, tls=tls)
        self._secure, self._say = tls is not None, say
        self._named: tuple[str, ...] = ()
        self._secret = secrets.token_urlsafe(9)
        self._pending: dict[str, _Pending] = {}
        self._number = 0
        self._version = 0
        self._changed = asyncio.Event()
        self.url = ""
        self.urls: tuple[str, ...] = ()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; the address to open on the phone. Raises OSError when the port is taken."""
        there = outside(host)
        bound = await self._server.start(host, port, listening=there.listening)
        self._named = (host, *there.addresses)
        self.urls = tuple(url_of(each, bound, self._secret, secure=self._secure) for each in there.addresses)
        self.url = self.urls[0]
        return self.url

    async def close(self) -> None:
        """Stop the page."""
        await self._server.close()

    async def obtain(self, prompt: Prompt) -> Said:
        """Show the question until somebody answers it."""
        self._number += 1
        key = str(self._number)
        pending = _Pending(prompt, asyncio.get_running_loop().create_future())
        self._pending[key] = pending
        self._touch()
        self._say(f"a person is asked: {prompt.text} (on the phone, at {self.url})")
        try:
            return await pending.answer
        finally:
            del self._pending[key]
            self._touch()

    def _touch(self) -> None:
        self._version += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _admit(self, request: Request) -> Response | None:
        """What refuses a request, before its body is read: it does not mean us, knows no word, or is another page's."""
        if not is_ours(request.headers.get("host", ""), self._named):
            return _error(421, "this is not the computer that you mean; use the address as it was given")
        word = request.path.split("/")[1:2]
        if not word or not hmac.compare_digest(word[0].encode(), self._secret.encode()):
            return _error(404, "not found; use the complete address, with its secret word")
        scheme = "https" if self._secure else "http"
        origin = request.headers.get("origin")
        if origin is not None and origin.casefold() != f"{scheme}://{request.headers['host']}".casefold():
            return _error(403, "another page asks; open the address as it was given")
        opens_it = request.method == "GET" and request.path == f"/{self._secret}/"
        if not opens_it and request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _error(403, "another page asks; open the address as it was given")
        if request.method != "POST" and request.headers.get("content-length", "0").strip("0"):
            return _error(413, "nothing is sent with that")
        key = request.path.rsplit("/", 1)[-1]
        if request.method == "POST" and self._is_over(key):
            return _error(409, "this question is no longer open")
        return None

    def _is_over(self, key: str) -> bool:
        return key not in self._pending or self._pending[key].answer.done()

    async def _handle(self, request: Request) -> Response:
        base = f"/{self._secret}/"
        match request.method, request.path.removeprefix(base).split("/"):
            case "GET", [""]:
                page = files("harness.operator").joinpath("page.html").read_bytes()
                return Response(200, page, "text/html; charset=utf-8")
            case "GET", ["prompts"]:
                return await self._prompts(request.query.get("after", ""))
            case "POST", ["answer", key]:
                return self._take(key, request)
            case _:
                return _error(404, "not found")

    async def _prompts(self, after: str) -> Response:
        """Long poll: answers at once when something is new, otherwise when it becomes so."""
        if after == str(self._version):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), POLL_S)
        shown = [
            {
                "key": key,
                "id": pending.prompt.id,
                "text": pending.prompt.text,
                "kind": pending.prompt.kind,
                "choices": pending.prompt.choices,
                "unit": pending.prompt.unit,
                "why": pending.prompt.why,
                "photo": pending.prompt.wants_photo,
            }
            for key, pending in self._pending.items()
            if not pending.answer.done()
        ]
        return Response(200, json.dumps({"version": self._version, "prompts": shown}).encode())

    def _take(self, key: str, request: Request) -> Response:
        pending = self._pending.get(key)
        if pending is None or pending.answer.done():
            return _error(409, "this question is no longer open")
        value, name = request.query.get("value"), request.query.get("photo", "")
        observer = request.query.get("observer", "").strip()[:80]
        try:
            fit(pending.prompt, value)
            if not observer:
                raise BadAnswer("please give your name")
            if pending.prompt.wants_photo and not request.body:
                raise BadAnswer("please take the photo")
            if request.body and Path(name).suffix.lower() not in SUFFIXES:
                raise BadAnswer(f"{name!r} is no photo; send one of {', '.join(SUFFIXES)}")
            if request.body:
                checked_photo(request.body, name, pending.prompt.least_px)
        except BadAnswer as error:
            return _error(400, str(error))
        pending.answer.set_result(Said(value, observer, request.body or None, name))
        return Response(200, b'{"ok": true}')


def _error(status: int, text: str) -> Response:
    return Response(status, json.dumps({"error": text}).encode())
