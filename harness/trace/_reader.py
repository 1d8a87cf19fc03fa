"""Reading a journal back: the chain is checked line by line, and a broken one is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from harness.trace._events import GENESIS, Event, line_hash

_decoder = msgspec.json.Decoder(Event)


class TraceError(ValueError):
    """The journal is not what was written: `line` is the first one that does not fit (1-based)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Trace(Sequence[Event]):
    """An immutable sequence of events with the queries judges need; judges see nothing else."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)

    def __len__(self) -> int:
        return len(self._events)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        found = self._events[index]
        return Trace(found) if isinstance(index, slice) else found

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def of(self, *kinds: str, who: str | None = None, case: str | None = None) -> Trace:
        """Events of these kinds; a kind that ends in "." takes its whole family ("ocpp.")."""
        families = tuple(k for k in kinds if k.endswith("."))
        return Trace(
            e
            for e in self._events
            if (e.kind in kinds or (families and e.kind.startswith(families)))
            and (who is None or e.who == who)
            and (case is None or e.case == case)
        )

    def where(self, test: Callable[[Event], bool]) -> Trace:
        """Events for which `test` is true."""
        return Trace(e for e in self._events if test(e))

    def between(self, from_ns: int, to_ns: int) -> Trace:
        """Events with from_ns <= t_ns <= to_ns."""
        return Trace(e for e in self._events if from_ns <= e.t_ns <= to_ns)

    def after(self, seq: int) -> Trace:
        """Events recorded after `seq`."""
        return Trace(e for e in self._events if e.seq > seq)

    def by_seq(self, seq: int) -> Event:
        """The event with this number. Raises KeyError when the trace does not hold it."""
        if 0 <= seq < len(self._events) and self._events[seq].seq == seq:
            return self._events[seq]
        for event in self._events:
            if event.seq == seq:
                return event
        raise KeyError(f"no event {seq} in this trace")


def read_trace(path: Path, *, torn_tail: bool = False) -> Trace:
    """Read and check a journal.

    With `torn_tail` a last line without its newline (a killed process) is dropped instead of refused.
    Raises TraceError with the number of the first line that was altered, lost or moved.
    """
    raw = path.read_bytes()
    lines = raw.split(b"\n")
    tail = lines.pop()
    if tail and not torn_tail:
        raise TraceError(f"{path.name}: line {len(lines) + 1} is cut off", len(lines) + 1)
    events: list[Event] = []
    prev = GENESIS
    for number, line in enumerate(lines, start=1):
        try:
            event = _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TraceError(f"{path.name}: line {number} is not an event: {error}", number) from error
        if event.prev != prev or event.seq != number - 1:
            raise TraceError(
                f"{path.name}: line {number} does not follow line {number - 1} (hash chain broken)", number
            )
        prev = line_hash(line)
        events.append(event)
    return Trace(events)
