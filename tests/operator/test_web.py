"""The phone page over real HTTP: questions survive a refresh, answers are checked, strangers are turned away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from harness.operator import NoAnswer, Prompt, WebOperator
from harness.trace import Recorder
from tests.operator._ask import PNG, data_of, png, recorder

MARKING = Prompt("bi17.marking", "Is it marked? <b>&", why="BI-17.1", with_photo=True, least_px=480)


class Phone:
    """Speaks HTTP over a socket of its own for each request."""

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        self.host, self.port, self.base = split.hostname or "", split.port or 0, split.path

    async def send(self, method: str, path: str, body: bytes = b"", *, raw: bytes | None = None) -> tuple[int, bytes]:
        """Status and body."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        writer.write(head + body if raw is None else raw)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        top, _, rest = answer.partition(b"\r\n\r\n")
        return int(top.split(b" ")[1]), rest

    async def prompts(self, after: str = "") -> dict[str, object]:
        """What the page would show."""
        status, body = await self.send("GET", f"{self.base}prompts?after={after}")
        assert status == 200
        return json.loads(body)  # type: ignore[no-any-return]

    async def answer(self, key: str, value: str, photo: bytes = b"", name: str = "", who: str = "Kim") -> int:
        """Answer like the page does; the status."""
        query = f"value={quote(value)}&observer={quote(who)}&photo={quote(name)}"
        status, body = await self.send("POST", f"{self.base}answer/{key}?{query}", photo)
        self.said = json.loads(body)
        return status


def on_page(folder: Path, body: Callable[[WebOperator, Phone], Awaitable[None]], bound_s: float = 5.0) -> Recorder:
    """Run `body` with a served page; the recorder."""
    rec = recorder(folder)

    async def run() -> None:
        operator = WebOperator(rec, folder / "attachments", bound_s=bound_s)
        await operator.start()
        try:
            async with asyncio.timeout(15):
                await body(operator, Phone(operator.url))
        finally:
            await operator.close()

    asyncio.run(run())
    return rec


async def asked(operator: WebOperator, phone: Phone, prompt: Prompt) -> tuple[asyncio.Task[object], str]:
    """Ask, and wait until the page shows it; the pending question and its key."""
    version = str((await phone.prompts())["version"])
    pending: asyncio.Task[object] = asyncio.create_task(operator.ask(prompt))
    news = await phone.prompts(after=version)
    shown = news["prompts"]
    assert isinstance(shown, list)
    return pending, next(each["key"] for each in shown if each["id"] == prompt.id)


def test_a_question_is_answered_with_a_photo(tmp_path: Path) -> None:
    """The page shows text and reason; photo and name land in evidence."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        pending, key = await asked(operator, phone, MARKING)
        assert await phone.answer(key, "yes", PNG, "front.png") == 200
        answer = await pending
        assert (answer.value, answer.observer) == (True, "Kim")  # type: ignore[attr-defined]
        assert (await phone.prompts())["prompts"] == []

    rec = on_page(tmp_path, body)
    (said,) = data_of(rec, "operator.answer")
    assert (tmp_path / "attachments" / said["photo"]["file"]).read_bytes() == PNG


def test_a_refresh_loses_nothing(tmp_path: Path) -> None:
    """Open questions live in the server: a new page, or a second phone, shows them again, in order."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        first, key = await asked(operator, phone, MARKING)
        second, other = await asked(operator, phone, Prompt("light", "Colour?", "choice", choices=("a", "b")))
        again = (await Phone(operator.url).prompts())["prompts"]
        assert isinstance(again, list)
        assert [each["key"] for each in again] == [key, other]
        assert await phone.answer(other, "b") == 200
        assert await phone.answer(key, "no", PNG, "x.jpg") == 200
        await asyncio.gather(first, second)

    on_page(tmp_path, body)


def test_a_long_poll_returns_as_soon_as_there_is_news(tmp_path: Path) -> None:
    """The page waits without hammering; a new question reaches it within a fraction of a second."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        version = str((await phone.prompts())["version"])
        poll = asyncio.create_task(phone.prompts(after=version))
        await asyncio.sleep(0.1)
        assert not poll.done()
        pending = asyncio.create_task(operator.ask(Prompt("a", "Yes?")))
        news = await asyncio.wait_for(poll, 1)
        assert news["prompts"]
        pending.cancel()

    on_page(tmp_path, body)


def test_an_answer_that_does_not_fit_is_explained_and_the_question_stays(tmp_path: Path) -> None:
    """Missing photo, wrong file, missing name, nonsense: each says what would be right."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        pending, key = await asked(operator, phone, MARKING)
        for arguments, words in (
            (("yes",), "take the photo"),
            (("yes", PNG, "notes.txt"), "is no photo"),
            (("yes", b"notes", "notes.png"), "is no picture that can be read"),
            (("yes", png(1, 1), "dot.png"), "too small to show it: at least 480 a side"),
            (("maybe", PNG, "x.png"), "neither yes nor no"),
            (("yes", PNG, "x.png", " "), "your name"),
        ):
            assert await phone.answer(key, *arguments) == 400  # type: ignore[arg-type]
            assert words in phone.said["error"]
        assert not pending.done()
        assert await phone.answer(key, "yes", PNG, "x.png") == 200
        await pending
        assert await phone.answer(key, "yes", PNG, "x.png") == 409

    on_page(tmp_path, body)


def test_without_the_secret_word_there_is_nothing(tmp_path: Path) -> None:
    """Somebody else in the network sees no question and can give no answer."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        pending, key = await asked(operator, phone, Prompt("a", "Yes?"))
        for path in ("/", "/prompts", f"/answer/{key}?value=yes&observer=x", "/guess/prompts"):
            status, _ = await phone.send("POST" if "answer" in path else "GET", path)
            assert status == 404
        assert not pending.done()
        pending.cancel()

    on_page(tmp_path, body)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"rubbish\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 421),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 40_000 + b"\r\n\r\n", 413),
    ],
)
def test_rubbish_is_answered_and_forgotten(tmp_path: Path, raw: bytes, status: int) -> None:
    """Malformed and oversized requests get their status; the page goes on."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        assert (await phone.send("", "", raw=raw))[0] == status
        assert (await phone.prompts())["prompts"] == []

    on_page(tmp_path, body)


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    """HTML for a phone, without external assets, and without markup made from texts."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        status, page = await phone.send("GET", phone.base)
        assert status == 200
        text = page.decode()
        assert "viewport" in text
        assert "http://" not in text and "https://" not in text
        assert "innerHTML" not in text

    on_page(tmp_path, body)


def test_nobody_answers(tmp_path: Path) -> None:
    """The bound ends the question; it disappears from the page."""

    async def body(operator: WebOperator, phone: Phone) -> None:
        with pytest.raises(NoAnswer, match="nobody answered"):
            await operator.ask(MARKING)
        assert (await phone.prompts())["prompts"] == []

    on_page(tmp_path, body, bound_s=0.2)
