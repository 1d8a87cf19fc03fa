"""The recorder: the only writer of the trace; append-only, hash-chained JSON Lines."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec

from harness.trace._events import GENESIS, SCHEMA, Clock, Event, SystemClock, line_hash
from harness.trace._reader import MOST_JOURNAL, read_trace
from plain_files import octets_of, opened

Redact = Callable[[str, dict[str, Any]], dict[str, Any]]
_FULL = (errno.ENOSPC, errno.EDQUOT)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Event)


def keep_all(_kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """No redaction: what is recorded is what came."""
    return data


class ContinuedClock:
    """A clock that goes on where an earlier process's trace stopped, so that `t_ns` never runs backwards.

    The gap is filled with wall time, the only clock two processes share; when that went backwards it counts as none.
    """

    def __init__(self, base: Clock, last: Event) -> None:
        self._base = base
        gap_s = (datetime.fromisoformat(base.utc()) - datetime.fromisoformat(last.utc)).total_seconds()
        self._offset_ns = last.t_ns + max(0, int(gap_s * 1e9)) - base.mono_ns()

    def mono_ns(self) -> int:
        """Nanoseconds since the first process's clock was made."""
        return self._base.mono_ns() + self._offset_ns

    def utc(self) -> str:
        """Wall time, ISO 8601, microseconds, Z."""
        return self._base.utc()


class Recorder:
    """Appends events to `path` and keeps them for the running campaign's waits and progress.

    Each line goes to the operating system at once, so a killed process loses nothing it had recorded.
    Thread-safe: the campaign's loop and pytest's thread both record. One recorder a file: a second one is refused.
    Raises FileExistsError when `path` already holds events (`append_to` continues it) and BlockingIOError while
    another process records it. `on_full` is asked once, at a full disk, to make room; `full` is then why.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock | None = None,
        redact: Redact = keep_all,
        on_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.events: list[Event] = []
        self.case: str | None = None
        self.step: str | None = None
        self.dropped = b""
        self._redact, self._on_full = redact, on_full
        self.full: OSError | None = None  # once the disk was full, and room was made to end
        self._lock = threading.Lock()
        self._prev = GENESIS
        self._listeners: list[Callable[[Event], None]] = []
        self._fd = self._open(path)
        self._size = os.fstat(self._fd).st_size
        if self._size:
            self.close()
            raise FileExistsError(f"{path} already holds events; continue it with Recorder.append_to")

    @classmethod
    def append_to(
        cls, path: Path, clock: Clock | None = None, redact: Redact = keep_all, *, torn_tail: bool = False
    ) -> Self:
        """Continue an existing journal: chain, numbers and `t_ns` go on where it stopped.

        With `torn_tail` a last line without its newline (a killed process) is cut off and kept in `dropped`; the caller
        records that it did so. Raises TraceError (with the line) when the journal is damaged, FileNotFoundError when
        there is none, BlockingIOError while another process still records it.
        """
        opened(path).close()  # raises when there is none: continuing never creates one
        self = cls.__new__(cls)
        fd = cls._open(path)
        try:
            earlier = read_trace(path, torn_tail=torn_tail)
            raw = octets_of(path, most=MOST_JOURNAL)
            self.dropped = raw[raw.rfind(b"\n") + 1 :]
            os.ftruncate(fd, len(raw) - len(self.dropped))
        except BaseException:
            os.close(fd)
            raise
        base = clock or SystemClock()
        self.clock = ContinuedClock(base, earlier[-1]) if earlier else base
        self.events = list(earlier)
        self.case = self.step = None
        self._redact, self._on_full, self.full = redact, lambda: False, None
        self._lock = threading.Lock()
        self._listeners = []
        self._fd = fd
        self._size = os.fstat(fd).st_size
        self._prev = line_hash(raw.split(b"\n")[len(earlier) - 1]) if earlier else GENESIS
        return self

    @staticmethod
    def _open(path: Path) -> int:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise BlockingIOError(f"{path} is still being recorded by another process") from None
        return fd

    def record(
        self,
        kind: str,
        who: str,
        data: dict[str, Any] | None = None,
        *,
        t_ns: int | None = None,
        station: str | None = None,
        evse: int | None = None,
        connection: int | None = None,
    ) -> Event:
        """Append one event and return it. `t_ns` when the caller read the clock nearer to what happened.

        `station`, `evse`, `connection` name what it is about, where there may be several.
        """
        with self._lock:
            if self._fd < 0:
                raise ValueError(f"cannot record {kind!r}: the trace is closed")
            event = Event(
                seq=len(self.events),
                t_ns=self.clock.mono_ns() if t_ns is None else t_ns,
                utc=self.clock.utc(),
                kind=kind,
                who=who,
                data=self._redact(kind, data or {}),
                case=self.case,
                step=self.step,
                station=station,
                evse=evse,
                connection=connection,
                schema=None if self.events else SCHEMA,
                prev=self._prev,
            )
            line = _encoder.encode(event)
            event = _decoder.decode(line)  # what runs and what is re-judged from the file see the same values
            self._write(line + b"\n")
            self._prev = line_hash(line)
            self.events.append(event)
        for listener in tuple(self._listeners):
            listener(event)
        return event

    def _write(self, line: bytes) -> None:
        """All of `line` or, when the disk is full, nothing: half a line would cut the chain for good.

        A full disk is asked for room once (`on_full`), so that what is under way comes to an orderly end.
        """
        try:
            self._append(line)
        except OSError as error:
            if not self.make_room(error):
                raise
            self._append(line)
        self._size += len(line)

    def make_room(self, error: OSError) -> bool:
        """Whether room could be made for what is under way, now that the disk is full; it is asked for once."""
        if error.errno not in _FULL or self.full is not None or not self._on_full():
            return False
        self.full = error
        return True

    def _append(self, line: bytes) -> None:
        try:
            written = 0
            while written < len(line):
                written += os.write(self._fd, line[written:])
        except OSError:
            os.ftruncate(self._fd, self._size)
            raise

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
    def size(self) -> int:
        """Octets written so far."""
        return self._size

    @property
    def head(self) -> str:
        """SHA-256 of the last line: what the manifest signs."""
        return self._prev

    def close(self) -> None:
        """Flush to disk and stop; a second call does nothing."""
        with self._lock:
            if self._fd < 0:
                return
            fd, self._fd = self._fd, -1
            os.fsync(fd)
            os.close(fd)

    def __del__(self) -> None:
        """A recorder that nobody closed gives its file back: a process has only so many."""
        fd, self._fd = getattr(self, "_fd", -1), -1
        if fd >= 0:
            os.close(fd)
