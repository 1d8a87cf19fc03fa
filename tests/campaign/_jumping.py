"""A campaign whose bench's clock jumps in the middle of its first case.

`python -m harness.emulator.netns -- python -m tests.campaign._jumping SECONDS OPTION …` runs `chargeproof OPTION …`;
its wall clock jumps by so many seconds, a second after the first limit of the first case was sent.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.cli._main import main
from harness.trace import Event, Recorder
from harness.trace import _events as clocks

AFTER_S = 1.0


def jump(by_s: float) -> None:
    """Let the clock of every recorder of this process jump."""
    at_s: list[float] = []
    record = Recorder.record

    def utc(self: clocks.SystemClock) -> str:
        ahead_s = by_s if at_s and self.mono_ns() / 1e9 >= at_s[0] else 0.0
        return (
            (datetime.now(UTC) + timedelta(seconds=ahead_s)).isoformat(timespec="microseconds").replace("+00:00", "Z")
        )

    def seen(self: Recorder, *told: Any, **more: Any) -> Event:
        event = record(self, *told, **more)
        if not at_s and event.case and event.data.get("action") == "SetChargingProfile":
            at_s.append(event.t_ns / 1e9 + AFTER_S)
        return event

    clocks.SystemClock.utc = utc  # type: ignore[method-assign]
    Recorder.record = seen  # type: ignore[method-assign]


if __name__ == "__main__":
    jump(float(sys.argv[1]))
    sys.argv = ["chargeproof", *sys.argv[2:]]
    main()
