"""What the instruments share: a port, a telegram at a steady rate, and commands that are answered by OK or ERR."""

from __future__ import annotations

import asyncio
import random
import time

from harness.emulator.instruments._pty import PtyPort


class CommandError(ValueError):
    """A command the instrument refuses; the text goes into its ERR line."""


class Instrument:
    """One serial instrument. Subclasses give `telegram()` and `command()`; `period_s` None means it never streams."""

    role = ""
    period_s: float | None = 0.05

    def __init__(self, seed: int = 1) -> None:
        self.port = PtyPort(self._line)
        self.evse = 0  # at which EVSE it stands, where that has to be told
        self.random = random.Random(f"{seed}/{self.role}")
        self.sequence = 0

    @property
    def name(self) -> str:
        """As a profile lists it under `pco.bench`: "meter", or "meter@2" for the one at EVSE 2."""
        return f"{self.role}@{self.evse}" if self.evse else self.role

    def telegram(self) -> str:
        """The next streamed line, without framing."""
        raise NotImplementedError

    def command(self, words: list[str]) -> str:
        """Carry out a command and give what follows "OK". Raises CommandError."""
        raise CommandError(f"this instrument takes no commands ({' '.join(words)})")

    def stream_once(self) -> None:
        """Send one telegram now."""
        self.sequence = (self.sequence + 1) % 100_000
        self.port.send(self.telegram())

    async def run(self) -> None:
        """Stream until cancelled, at a rate that does not drift."""
        self.port.open()
        try:
            due_s = time.monotonic()
            while True:
                if self.period_s is None:
                    await asyncio.Event().wait()
                    continue
                self.stream_once()
                due_s = max(due_s + self.period_s, time.monotonic())
                await asyncio.sleep(due_s - time.monotonic())
        finally:
            self.stop()

    def stop(self) -> None:
        """Leave the surroundings safe and hang up; called on every way out."""
        self.port.close()

    def noise(self, sigma: float) -> float:
        """Seeded measuring noise."""
        return self.random.gauss(0.0, sigma)

    def _line(self, text: str) -> None:
        words = text.split()
        if not words:
            return
        try:
            reply = self.command(words)
        except (CommandError, ValueError) as error:
            self.port.send(f"ERR {words[0]} {error}".encode("ascii", "replace").decode()[:400])
            return
        self.port.send(f"OK {words[0]} {reply}".rstrip())


def number(words: list[str], position: int, low: float, high: float) -> float:
    """The number at `position` of a command, within its bounds. Raises CommandError saying what would be right."""
    try:
        value = float(words[position])
    except (IndexError, ValueError):
        raise CommandError(f"wants a number from {low:g} to {high:g}") from None
    if not low <= value <= high:
        raise CommandError(f"{value:g} is outside {low:g} to {high:g}")
    return value
