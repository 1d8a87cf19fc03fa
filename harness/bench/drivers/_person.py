"""The person as an instrument: what the drivers for eyes and hands share."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from typing import Any

from harness.bench._errors import BenchError, NotSeen
from harness.bench._settings import RoleSettings
from harness.bench.line._feed import Feed, Sample
from harness.bench.line._instrument import Test
from harness.operator import Answer, Operator, Prompt
from harness.trace import Recorder

LOOK_AGAIN_S = 60.0  # a person needs longer to see something than any instrument


class _Sent:
    """The operator, told at which of several EVSEs to look or to act."""

    def __init__(self, operator: Operator, evse: int) -> None:
        self._operator, self._evse = operator, evse

    async def ask(self, prompt: Prompt) -> Answer:
        """Ask and wait. Raises NoAnswer."""
        return await self._operator.ask(replace(prompt, text=f"At charging point {self._evse}: {prompt.text}"))

    async def close(self) -> None:
        """Stop asking."""
        await self._operator.close()


class Person:
    """Asks somebody to do something. Every request stands in the trace as a `bench.action`."""

    role = ""

    def __init__(self, settings: RoleSettings, recorder: Recorder, operator: Operator, evse: int | None = None) -> None:
        self.settings = settings
        self.recorder = recorder
        self.evse = evse
        self._operator = operator if evse is None else _Sent(operator, evse)

    async def begin(self) -> None:
        """A person needs no warming up."""

    async def restore(self) -> None:
        """Nothing to undo for somebody who only looks."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def do(self, command: str, text: str, why: str = "") -> None:
        """Ask for an action. Raises BenchError when the person says it was not done, NoAnswer when nobody says."""
        asked = self.recorder.record(
            "bench.action", "harness", {"role": self.role, "command": command, "reply": None}, evse=self.evse
        )
        answer = await self._operator.ask(Prompt(f"bench.{self.role}.{_slug(command)}", f"{text} Done?", why=why))
        data = {"role": self.role, "command": command, "reply": "OK" if answer.value else "ERR", "action": asked.seq}
        self.recorder.record("bench.reply", f"bench.{self.role}", data, evse=self.evse)
        if not answer.value:
            raise BenchError(self.role, None, f"{command!r} was not done, says {answer.observer}")


class PersonWatcher(Person):
    """Somebody who looks when asked. Subclasses say how in `look`."""

    def __init__(self, settings: RoleSettings, recorder: Recorder, operator: Operator, evse: int | None = None) -> None:
        super().__init__(settings, recorder, operator, evse)
        self.feed = Feed(self.role, None, recorder, settings.uncertainty, silent_s=math.inf, evse=evse)

    async def look(self, what: str) -> dict[str, Any]:
        """The values somebody reads now."""
        raise NotImplementedError

    async def sample(self, what: str) -> Sample:
        """Look once and record it."""
        values = await self.look(what)
        return self.feed.put(values, self.recorder.clock.mono_ns())

    def latest(self) -> Sample:
        """What was read last, however long ago."""
        return self.feed.latest()

    def since(self, t_ns: int) -> list[Sample]:
        """The readings since a campaign time."""
        return self.feed.since(t_ns)

    async def observe(self, for_s: float, *, on: str = "contract", what: str | None = None) -> list[Sample]:
        """Let the time pass, then look once."""
        shown = what or f"observe {self.role} for {for_s:g} s"
        with self.recorder.waiting(shown, on, for_s):
            await asyncio.sleep(for_s)
        return [await self.sample(shown)]

    async def until(self, test: Test, *, what: str, within_s: float, on: str = "dut") -> Sample:
        """Look again and again, for at least a minute. Raises NotSeen."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + max(within_s, LOOK_AGAIN_S)
        while True:
            seen = await self.sample(what)
            if test(seen.values):
                return seen
            if loop.time() >= end_s:
                raise NotSeen(self.role, what, within_s, seen.values)


def _slug(text: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
