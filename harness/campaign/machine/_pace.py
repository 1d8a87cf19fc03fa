"""The bench's own pace: for how long our side did not come to its turn, written into the trace as it is seen."""

from __future__ import annotations

import asyncio
import time

from harness.trace import Recorder

LOOK_EACH_S = 0.1
TOLD_S = 0.25  # what is shorter than that shows in no verdict


async def watch_pace(recorder: Recorder) -> None:
    """Record `harness.slow` whenever a short sleep took much longer than it should have; until cancelled.

    The reason may be a machine that is too busy, one that slept, or a process that was stopped.
    """
    before_s = time.monotonic()
    while True:
        await asyncio.sleep(LOOK_EACH_S)
        now_s = time.monotonic()
        late_s = now_s - before_s - LOOK_EACH_S
        if late_s >= TOLD_S:
            recorder.record("harness.slow", "harness", {"for_s": round(late_s, 3)})
        before_s = now_s
