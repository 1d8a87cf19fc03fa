"""Reading a journal back: the chain is checked line by line, and a broken one is named."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.trace._events import GENESIS, Event, line_hash
from harness.trace._store import Line, LineStore
from harness.trace._view import Trace
from plain_files import octets_of


class TraceError(ValueError):
    """The journal is not what was written: `line` is the first one that does not fit (1-based)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


MOST_JOURNAL = 4 << 30  # octets; far above what a bundle holds
_decoder = msgspec.json.Decoder(Line)
_OPENING = ord("{")
_whole = msgspec.json.Decoder(Event)


def _read(line: bytes) -> Line:
    event = _decoder.decode(line)
    # what is passed over is not looked into: text that is none would otherwise show only to a judge
    if not line.isascii() or b"\\ud" in line or memoryview(event.data)[0] != _OPENING:
        _whole.decode(line)
    return event


def read_trace(path: Path, *, torn_tail: bool = False) -> Trace:
    """Read and check a journal.

    With `torn_tail` a last line without its newline (a killed process) is dropped instead of refused.
    Raises TraceError with the number of the first line that was altered, lost or moved.
    """
    return trace_of(octets_of(path, most=MOST_JOURNAL), path.name, torn_tail=torn_tail)


def trace_of(journal: bytes, name: str = "the journal", *, torn_tail: bool = False) -> Trace:
    """The same of a journal's bytes; `name` stands in what is raised."""
    store = LineStore(journal)
    prev, start, number = GENESIS, 0, 0
    while (end := journal.find(b"\n", start)) >= 0:
        number += 1
        line = journal[start:end]
        try:
            event = _read(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TraceError(f"{name}: line {number} is not an event: {error}", number) from error
        if event.prev != prev or event.seq != number - 1:
            raise TraceError(f"{name}: line {number} does not follow line {number - 1} (hash chain broken)", number)
        prev = line_hash(line)
        try:
            store.add(start, end, event)
        except OverflowError as error:
            raise TraceError(f"{name}: line {number} holds a number that no time or count can be", number) from error
        start = end + 1
    if start < len(journal) and not torn_tail:
        raise TraceError(f"{name}: line {number + 1} is cut off", number + 1)
    return Trace.over(store)
