"""What the serial drivers share: a line, a feed, and a first sign of life before anybody relies on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.bench._settings import RoleSettings
from harness.bench.line._feed import Feed, Sample
from harness.bench.line._serial import SerialLine
from harness.trace import Recorder

FIRST_S = 3.0
Test = Callable[[dict[str, Any]], bool]


class SerialInstrument:
    """Base of the drivers. Subclasses name their `role`, what they `expected`, and parse a telegram into values.

    `evse`: at which one it stands, where there are several.
    """

    role = ""
    expected = ""

    def __init__(self, settings: RoleSettings, recorder: Recorder, evse: int | None = None) -> None:
        port = settings.port or ""
        self.recorder = recorder
        self.settings = settings
        self.feed = Feed(self.role, port, recorder, settings.uncertainty, evse=evse)
        self.line = SerialLine(self.role, port, settings.baud, recorder, self._telegram, self.feed.fail, evse)

    def parse(self, text: str) -> dict[str, Any]:
        """A telegram's values under the trace's names. Raises BadLine."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Make sure that the instrument is there and is what it should be. Raises BenchError."""
        await self.feed.first(FIRST_S, self.expected)

    async def restore(self) -> None:
        """Nothing to undo for an instrument that only watches."""

    async def close(self) -> None:
        """Release the port."""
        await self.line.close()

    @property
    def bad_telegrams(self) -> int:
        """How many lines were damaged or not understood."""
        return self.line.bad_telegrams

    def _telegram(self, text: str, t_ns: int) -> None:
        self.feed.put(self.parse(text), t_ns)


class Watching(SerialInstrument):
    """A serial instrument that streams."""

    def latest(self) -> Sample:
        """The newest sample. Raises BenchError when there is none or it is stale."""
        return self.feed.latest()

    def since(self, t_ns: int) -> list[Sample]:
        """The samples since a campaign time."""
        return self.feed.since(t_ns)

    async def observe(self, for_s: float, *, on: str = "contract", what: str | None = None) -> list[Sample]:
        """Let `for_s` seconds pass as a named wait; the samples of that time."""
        return await self.feed.observe(for_s, on=on, what=what)

    async def until(self, test: Test, *, what: str, within_s: float, on: str = "dut") -> Sample:
        """The first sample from now on that satisfies `test`. Raises NotSeen naming `what`, or BenchError."""
        return await self.feed.until(test, what=what, within_s=within_s, on=on)
