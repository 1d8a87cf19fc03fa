"""An instrument's samples: recorded on arrival, kept for a while, and waited upon by name."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from harness.bench._errors import BenchError, NotSeen
from harness.trace import Recorder

KEPT = 4096  # samples; over three minutes at 20 Hz
SILENT_S = 2.0  # a streaming instrument that says nothing for this long counts as silent

Values = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One telegram's values (see the trace's `bench.sample`), when it arrived, and its event's number."""

    t_ns: int
    values: Values
    seq: int

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Feed:
    """Filled by a reader thread (`put`), read on the event loop. Nothing is queued without bound.

    `silent_s`: with nothing for this long the instrument counts as silent (a person's readings have no such age).
    `evse`: at which one it stands, where there are several.
    """

    def __init__(
        self,
        role: str,
        port: str | None,
        recorder: Recorder,
        uncertainty: Mapping[str, float],
        silent_s: float = SILENT_S,
        evse: int | None = None,
    ) -> None:
        self.role, self.port, self._silent_s, self._evse = role, port, silent_s, evse
        self._recorder = recorder
        self._uncertainty = dict(uncertainty)
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._waiters: list[asyncio.Future[None]] = []
        self._waking = False
        self.lost = ""  # why nothing will come any more

    def put(self, values: Values, t_ns: int) -> Sample:
        """Record a sample and wake those who wait. Thread-safe."""
        data = {"values": values, "uncertainty": self._spread(values)}
        event = self._recorder.record("bench.sample", f"bench.{self.role}", data, t_ns=t_ns, evse=self._evse)
        sample = Sample(event.t_ns, values, event.seq)
        with self._lock:
            self._samples.append(sample)
        self._wake_soon()
        return sample

    def fail(self, why: str) -> None:
        """The link is gone; every wait ends with a BenchError. Thread-safe."""
        self.lost = why
        self._wake_soon()

    def latest(self) -> Sample:
        """The newest sample. Raises BenchError when there is none, or it is stale."""
        with self._lock:
            newest = self._samples[-1] if self._samples else None
        if newest is None:
            raise self._error(self.lost or "nothing was received yet")
        age_s = (self._recorder.clock.mono_ns() - newest.t_ns) / 1e9
        if age_s > self._silent_s:
            raise self._error(self.lost or f"silent for {age_s:.1f} s; telegrams were expected every second or faster")
        return newest

    def since(self, t_ns: int) -> list[Sample]:
        """The samples that arrived at or after `t_ns`, oldest first."""
        return self._newest(lambda sample: sample.t_ns >= t_ns)

    async def observe(self, for_s: float, *, on: str = "contract", what: str | None = None) -> list[Sample]:
        """Let `for_s` seconds pass as a named wait, and go on until a reading stands behind them; all readings since.

        Raises BenchError when the instrument falls silent.
        """
        started_ns = self._recorder.clock.mono_ns()
        until_ns = started_ns + int(for_s * 1e9)
        with self._recorder.waiting(what or f"observe {self.role} for {for_s:g} s", on, for_s):
            while not self.since(until_ns):
                heard_ns = max((sample.t_ns for sample in self.since(started_ns)[-1:]), default=started_ns)
                left_s = self._silent_s - (self._recorder.clock.mono_ns() - heard_ns) / 1e9
                if left_s <= 0:
                    raise self._error(f"silent for {self._silent_s:g} s while it was observed")
                await self._next(left_s)
        return self.since(started_ns)

    async def until(self, test: Callable[[Values], bool], *, what: str, within_s: float, on: str = "dut") -> Sample:
        """The first sample from now on that satisfies `test`. Raises NotSeen naming `what`, or BenchError."""
        after = len(self._recorder.events) - 1
        end_s = self._loop.time() + within_s
        heard_s = self._loop.time()
        last: Values | None = None
        with self._recorder.waiting(what, on, within_s):
            while True:
                for sample in self._after(after):
                    after, last, heard_s = sample.seq, sample.values, self._loop.time()
                    if test(sample.values):
                        return sample
                now_s = self._loop.time()
                if now_s >= end_s:
                    raise NotSeen(self.role, what, within_s, last)
                if now_s - heard_s >= self._silent_s:
                    raise self._error(f"silent for {self._silent_s:g} s while waiting for {what}")
                await self._next(min(end_s - now_s, self._silent_s))

    async def first(self, within_s: float, expected: str) -> Sample:
        """Wait for the instrument's first sign of life. Raises BenchError saying what was expected."""
        end_s = self._loop.time() + within_s
        while True:
            with contextlib.suppress(BenchError):
                return self.latest()
            left_s = end_s - self._loop.time()
            if left_s <= 0 or self.lost:
                raise self._error(self.lost or f"nothing heard within {within_s:g} s; expected {expected}")
            await self._next(left_s)

    def _after(self, seq: int) -> list[Sample]:
        return self._newest(lambda sample: sample.seq > seq)

    def _newest(self, wanted: Callable[[Sample], bool]) -> list[Sample]:
        with self._lock:
            found = list(takewhile(wanted, reversed(self._samples)))
        return found[::-1]

    async def _next(self, within_s: float) -> bool:
        """Wait for news; False when none came in time. Raises BenchError when the link is lost."""
        if self.lost:
            raise self._error(self.lost)
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiters.append(waiter)
        try:
            await asyncio.wait_for(waiter, within_s)
        except TimeoutError:
            return False
        finally:
            with contextlib.suppress(ValueError):
                self._waiters.remove(waiter)
        if self.lost:
            raise self._error(self.lost)
        return True

    def _wake_soon(self) -> None:
        with self._lock:
            if self._waking:
                return
            self._waking = True
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        with self._lock:
            self._waking = False
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _spread(self, values: Values) -> dict[str, float]:
        """The profile's uncertainties, also under each value's own name: "i_a" covers "i_l1_a" and "dc_i_a"."""
        spread = dict(self._uncertainty)
        for name in values:
            quantity = re.sub(r"^dc_", "", re.sub(r"_(l[123]|high|low)(?=_)", "", name))
            if name not in spread and quantity in self._uncertainty:
                spread[name] = self._uncertainty[quantity]
        return spread

    def _error(self, problem: str) -> BenchError:
        return BenchError(self.role, self.port, problem)
