"""The operator's page in a real browser of a phone's size, while strangers send what they like."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness.operator import Answer, Prompt, WebOperator
from tests.operator._ask import recorder
from tests.reports._chromium import Browser, browser, find_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium was not found"),
]
HOSTILE = "Is it <b>marked</b>? <img src=x onerror=\"document.title='owned'\"> \u202eON\u202c " + "wide" * 60
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser of a phone's size."""
    executable = find_chromium()
    assert executable is not None
    with browser(executable, tmp_path_factory.mktemp("chromium")) as page:
        page.call("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        yield page


class Served:
    """A page that is served in a thread of its own, with strangers at it."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.operator = WebOperator(recorder(folder), folder / "attachments")
        self.url = self.run(self.operator.start())
        self.strangers = [asyncio.run_coroutine_threadsafe(self._attack(n), self.loop) for n in range(20)]

    def run(self, what: Awaitable[Any]) -> Any:
        """In the page's thread."""
        return asyncio.run_coroutine_threadsafe(_wait(what), self.loop).result(20)

    def ask(self, prompt: Prompt) -> Any:
        """Ask; a future."""
        return asyncio.run_coroutine_threadsafe(self.operator.ask(prompt), self.loop)

    async def _attack(self, number: int) -> None:
        place, draw = urlsplit(self.url), random.Random(number)
        while True:
            with contextlib.suppress(OSError, TimeoutError):
                _, writer = await asyncio.open_connection(place.hostname, place.port)
                head = f"POST /guess HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 24000000\r\n\r\n".encode()
                writer.write(draw.choice([b"", b"\x16\x03\x01\x02", head + b"x" * 100_000, draw.randbytes(2000)]))
                await asyncio.wait_for(writer.drain(), 1)
                await asyncio.sleep(0.02)
                if number % 2:
                    writer.close()

    def close(self) -> None:
        """Strangers go, the page closes."""
        for each in self.strangers:
            each.cancel()
        self.run(self.operator.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


async def _wait(what: Awaitable[Any]) -> Any:
    return await what


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """With strangers."""
    page = Served(tmp_path)
    yield page
    page.close()


def until(page: Browser, expression: str, within_s: float = 15) -> None:
    """Wait in the browser."""
    script = (
        "new Promise((done, bad) => { const end = Date.now() + %d; (function look() {"
        "if (%s) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 50); })(); })"
    )
    assert page.evaluate(script % (within_s * 1000, expression)), expression


def opened(page: Browser, url: str, ready: Callable[[], None]) -> None:
    """Open an address and wait for its first question."""
    page.fetched.clear()
    page.complaints.clear()
    page.call("Page.navigate", url=url)
    ready()


def test_a_question_is_answered_while_strangers_send_what_they_like(phone: Browser, served: Served) -> None:
    """It fits the screen, shows hostile text as text, asks nobody else, complains of nothing, and the answer counts."""
    asked = served.ask(Prompt("bi17", HOSTILE, why="BI-17.1"))
    opened(phone, served.url, lambda: until(phone, "document.querySelectorAll('section button').length == 2"))
    assert phone.evaluate(WIDE) <= 0
    assert (
        phone.evaluate("document.title") != "owned" and phone.evaluate("document.querySelectorAll('img').length") == 0
    )
    phone.evaluate("document.getElementById('observer').value = 'Kim'")
    phone.evaluate("document.querySelector('section button').click()")
    answer: Answer = asked.result(10)
    assert (answer.value, answer.observer) == (True, "Kim")
    until(phone, "document.querySelectorAll('section').length == 0")
    assert all(each.startswith(served.url) or "favicon" in each for each in phone.fetched), phone.fetched
    assert [each for each in phone.complaints if "favicon" not in each and "404" not in each] == []


def test_a_page_elsewhere_cannot_answer_though_it_knows_the_address(
    phone: Browser, served: Served, tmp_path: Path
) -> None:
    """It neither reads the questions nor gives an answer, nor shows the page in a frame."""
    asked = served.ask(Prompt("a", "Yes?"))
    evil = tmp_path / "evil.html"
    evil.write_text(
        f"<script>window.told = 'nothing';"
        f"fetch('{served.url}answer/1?value=yes&observer=evil', {{method: 'POST', mode: 'no-cors', body: ''}})"
        f".then(() => fetch('{served.url}prompts')).then(r => r.text()).then(t => window.told = t)"
        f".catch(() => window.told = 'refused')</script><iframe src='{served.url}'></iframe>"
    )
    phone.load(evil, 390, 844)
    until(phone, "window.told != 'nothing'")
    assert phone.evaluate("window.told") == "refused"
    assert not asked.done()
    opened(phone, served.url, lambda: until(phone, "document.querySelectorAll('section').length == 1"))
    asked.cancel()
