"""The recorder: the only writer of the trace; append-only, hash-chained JSON Lines."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from harness.trace._events import GENESIS, Clock, Event, SystemClock, line_hash

Redact = Callable[[str, dict[str, Any]], dict[str, Any]]
_encoder = msgspec.json.Encoder()


def _keep(_kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return data


class Recorder:
    """Appends events to `path` and keeps them for the running campaign's waits and progress.

    Each line goes to the operating system at once, so a killed process loses nothing it had recorded.
    Thread-safe: the campaign's loop and pytest's thread both record.
    """

    def __init__(self, path: Path, clock: Clock | None = None, redact: Redact = _keep) -> None:
        self.clock: Clock = clock or SystemClock()
        self.events: list[Event] = []
        self.case: str | None = None
        self.step: str | None = None
        self._redact = redact
        self._lock = threading.Lock()
        self._prev = GENESIS
        self._listeners: list[Callable[[Event], None]] = []
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def record(self, kind: str, who: str, data: dict[str, Any] | None = None, *, t_ns: int | None = None) -> Event:
        """Append one event and return it. `t_ns` when the caller read the clock nearer to what happened."""
        with self._lock:
            event = Event(
                seq=len(self.events),
                t_ns=self.clock.mono_ns() if t_ns is None else t_ns,
                utc=self.clock.utc(),
                kind=kind,
                who=who,
                data=self._redact(kind, data or {}),
                case=self.case,
                step=self.step,
                prev=self._prev,
            )
            line = _encoder.encode(event)
            self._prev = line_hash(line)
            os.write(self._fd, line + b"\n")
            self.events.append(event)
        for listener in self._listeners:
            listener(event)
        return event

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with every later event; returns what removes it again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def waiting(self, what: str, on: str, bound_s: float | None = None) -> Iterator[None]:
        """Mark a named wait: `on` is "dut", "person", "contract" (a dwell the contract asks for) or "harness"."""
        started = self.record("wait.started", "harness", {"what": what, "on": on, "bound_s": bound_s})
        outcome = "ended"
        try:
            yield
        except TimeoutError:
            outcome = "timed out"
            raise
        finally:
            self.record("wait.ended", "harness", {"started": started.seq, "on": on, "outcome": outcome})

    @property
    def head(self) -> str:
        """SHA-256 of the last line: what the manifest signs."""
        return self._prev

    def close(self) -> None:
        """Flush to disk and stop."""
        os.fsync(self._fd)
        os.close(self._fd)
