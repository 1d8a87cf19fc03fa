"""The person at the terminal: one question at a time, asked again until the answer fits."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from harness.operator._model import BadAnswer, NoAnswer, Prompt, fit
from harness.operator._photo import MOST_BYTES, SUFFIXES, checked_photo
from harness.operator._recording import BOUND_S, RecordingOperator, Said
from harness.trace import Recorder
from harness.visible import clean, clean_lines
from plain_files import octets_of


class TerminalOperator(RecordingOperator):
    """Reads lines in a daemon thread, so that a question nobody answers never keeps the program from ending."""

    def __init__(
        self,
        recorder: Recorder,
        attachments: Path,
        *,
        observer: str = "",
        console: Console | None = None,
        source: IO[str] | None = None,
        bound_s: float = BOUND_S,
    ) -> None:
        super().__init__(recorder, attachments, bound_s=bound_s)
        self._observer = observer
        self._console = console or Console()
        self._source = source or sys.stdin
        self._turn = asyncio.Lock()
        self._waiting: asyncio.Future[str] | None = None
        self._reader: threading.Thread | None = None
        self._reading = False
        self._wanted = threading.Semaphore(0)

    async def obtain(self, prompt: Prompt) -> Said:
        """Ask until the answer fits. Raises NoAnswer when the input ends."""
        async with self._turn:
            words = Text.assemble(
                clean_lines(prompt.text), (f"\n{clean_lines(prompt.why)}" if prompt.why else "", "dim")
            )
            title = Text(f"Your turn ({clean(prompt.id)})")
            self._console.print(Panel(words, title=title, border_style="cyan"))
            if not self._observer:
                self._observer = await self._line(prompt, "Your name: ") or "operator"
            value: object = None
            while prompt.kind != "photo":
                value = await self._line(prompt, _hint(prompt))
                try:
                    fit(prompt, value)
                    break
                except BadAnswer as error:
                    self._console.print(Text(clean_lines(error), "red"))
            if not prompt.wants_photo:
                return Said(value, self._observer)
            while True:
                path = Path(await self._line(prompt, f"Path of the photo ({', '.join(SUFFIXES)}): ")).expanduser()
                try:
                    if path.suffix.lower() not in SUFFIXES:
                        raise BadAnswer(f"{path.name!r} is no photo")
                    content = octets_of(path, most=MOST_BYTES)
                    checked_photo(content, path.name, prompt.least_px)
                    return Said(value, self._observer, content, path.name)
                except (OSError, BadAnswer) as error:
                    self._console.print(Text(clean_lines(error), "red"))

    async def _line(self, prompt: Prompt, hint: str) -> str:
        self._console.print(Text(hint), end="")
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[str] = loop.create_future()
        self._waiting = waiting
        if self._reader is None or not self._reader.is_alive():
            self._reader = threading.Thread(target=self._read, args=(loop,), name="operator-terminal", daemon=True)
            self._reader.start()
        if not self._reading:  # a line is read only when somebody was asked: what is typed early is no answer
            self._reading = True
            self._wanted.release()
        try:
            line = await waiting
        finally:
            self._waiting = None
        if not line:
            raise NoAnswer(prompt, "the input has ended")
        return line.strip()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            self._wanted.acquire()
            line = self._source.readline()
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._typed, line)
            if not line:
                return

    def _typed(self, line: str) -> None:
        self._reading = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(line)


def _hint(prompt: Prompt) -> str:
    match prompt.kind:
        case "yes_no":
            return "yes or no: "
        case "choice":
            return (
                "".join(f"  {n}  {clean(choice)}\n" for n, choice in enumerate(prompt.choices, start=1))
                + "number or name: "
            )
        case "number":
            return f"number in {clean(prompt.unit)}: " if prompt.unit else "number: "
    return "> "
