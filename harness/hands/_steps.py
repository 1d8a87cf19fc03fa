"""Named parts of a case: they stand in the trace, in the progress and in the report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harness.trace import Event, Recorder


class Steps:
    """`async with stand.step("lower the limit to 10 A"):` marks a named part of a case."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def mark(self) -> Event:
        """The newest event: what comes after it is "from here on"."""
        return self._recorder.events[-1]

    @asynccontextmanager
    async def __call__(self, text: str) -> AsyncIterator[Event]:
        """Record the step's start and end; yields the start event, so that a judge can be given "from here on"."""
        recorder = self._recorder
        before, recorder.step = recorder.step, text
        started = recorder.record("step.started", "harness", {"text": text})
        try:
            yield started
        finally:
            recorder.record("step.ended", "harness", {"started": started.seq, "text": text})
            recorder.step = before
