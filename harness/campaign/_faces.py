"""What a case holds in its hands besides the PCOs: steps, claims and contract parameters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from harness.judge import JudgeFunction, ResolvedLimit, params_of
from harness.trace import Event, Recorder


class Contract:
    """Contract parameters as numbers in their own unit; for waits and dwells only, never for a verdict."""

    def __init__(self, limits: Mapping[str, ResolvedLimit]) -> None:
        self._limits = limits

    def __getitem__(self, name: str) -> float:
        """The value of a parameter ("setpoint.dwell"). KeyError names it when the tender has none."""
        if name not in self._limits:
            raise KeyError(f"the tender has no contract parameter {name!r}")
        return self._limits[name].value


class Steps:
    """`async with step("lower the limit to 10 A"):` marks a named part of a case."""

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


class Claims:
    """`claim(setpoints.limit_holds, "SC-04.2", limit=answer.call)`: asserted now, judged from the trace afterwards."""

    def __init__(self, recorder: Recorder, criteria: Callable[[], tuple[str, ...]]) -> None:
        self._recorder = recorder
        self._criteria = criteria

    def __call__(self, judge: JudgeFunction, criterion: str | None = None, *, group: str = "", **params: Any) -> Event:
        """Claim something of the trace recorded so far. `criterion` may be left out when the case verifies just one."""
        return self._record(judge, criterion, group, False, params)

    def control(self, judge: JudgeFunction, criterion: str | None = None, *, group: str = "", **params: Any) -> Event:
        """A positive control: when it does not hold, every claim of this case (or `group`) is void."""
        return self._record(judge, criterion, group, True, params)

    def _record(
        self, judge: JudgeFunction, criterion: str | None, group: str, control: bool, params: dict[str, Any]
    ) -> Event:
        verified = self._criteria()
        if criterion is None:
            if len(verified) != 1:
                raise ValueError(f"name the criterion: this case verifies {', '.join(verified)}")
            criterion = verified[0]
        if criterion not in verified:
            raise ValueError(f"the case claims {criterion} but is marked as verifying {', '.join(verified)}")
        return self._recorder.record(
            "claim",
            "harness",
            {
                "criterion": criterion,
                "judge": judge.judge_name,  # type: ignore[attr-defined]
                "params": params_of(**params),
                "control": control,
                "group": group or None,
            },
        )
