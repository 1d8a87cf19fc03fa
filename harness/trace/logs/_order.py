"""A log in order of time: what its clocks show, whether it is sorted, and sorting on disk where it is not."""

from __future__ import annotations

import heapq
import re
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from harness.trace.logs._record import CSMS, STATION, Record

CHUNK = 50_000  # records sorted in memory at once
_MOST_OPEN = 64
_SMALL_NS = 5_000_000_000  # clocks of one machine room; what is further apart must show in most exchanges
_MOMENT_NS = 1_000_000  # that an answer takes at least
_HEAD = re.compile(r'\s*\[\s*([234])\s*,\s*"([^"\\]{1,36})"')

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Record)


@dataclass(slots=True)
class _Gaps:
    """Times from a call to its answer, of calls of one side."""

    count: int = 0
    negative: int = 0
    least_ns: int | None = None
    least_small_ns: int | None = None

    def add(self, gap_ns: int) -> None:
        self.count += 1
        self.negative += gap_ns < 0
        self.least_ns = gap_ns if self.least_ns is None else min(self.least_ns, gap_ns)
        if abs(gap_ns) <= _SMALL_NS:
            self.least_small_ns = gap_ns if self.least_small_ns is None else min(self.least_small_ns, gap_ns)

    @property
    def least(self) -> int | None:
        """The least time; what is far below nothing counts only where most of them are."""
        return self.least_ns if self.negative * 2 >= self.count else self.least_small_ns


@dataclass(slots=True)
class _Clocks:
    """What one station's lines show of the two clocks by which they were recorded."""

    newest_ns: int = -(1 << 62)
    sorted: bool = True
    gaps: dict[str, _Gaps] = field(default_factory=lambda: {STATION: _Gaps(), CSMS: _Gaps()})
    open: OrderedDict[tuple[str, str], tuple[int, bool]] = field(default_factory=OrderedDict)

    def take(self, record: Record) -> None:
        self.sorted = self.sorted and record.utc_ns >= self.newest_ns
        self.newest_ns = max(self.newest_ns, record.utc_ns)
        found = _HEAD.match(record.text) if record.text else None
        if found is None:
            return
        is_call = found[1] == "2"
        caller = record.sender if is_call else (CSMS if record.sender == STATION else STATION)
        other = self.open.pop((caller, found[2]), None)
        if other is not None and other[1] != is_call:
            gap = other[0] - record.utc_ns if is_call else record.utc_ns - other[0]
            self.gaps[caller].add(gap)
            return
        self.open[caller, found[2]] = (record.utc_ns, is_call)
        if len(self.open) > _MOST_OPEN:
            self.open.popitem(last=False)

    def shift_ns(self) -> int | None:
        """What to add to the backend's times so that no answer comes before its call; None: nothing does."""
        least, most = self.gaps[STATION].least, self.gaps[CSMS].least
        if (least is None or least >= 0) and (most is None or most >= 0):
            return 0
        if least is None or most is None:
            return _MOMENT_NS - least if least is not None else (most or 0) - _MOMENT_NS
        return (most - least) // 2 if most + least > 0 else None


class Survey:
    """A first look at all lines: per station, whether they are in order and whether the clocks agree."""

    def __init__(self) -> None:
        self._clocks: dict[str, _Clocks] = {}

    def take(self, record: Record) -> None:
        """The next line of the log as it stands."""
        clocks = self._clocks.get(record.station)
        if clocks is None:
            clocks = self._clocks[record.station] = _Clocks()
        clocks.take(record)

    def plan(self) -> Order:
        """How to put the log in order."""
        shifts = {station: clocks.shift_ns() for station, clocks in self._clocks.items()}
        return Order(
            any(not c.sorted or shifts[s] for s, c in self._clocks.items()),
            {station: shift for station, shift in shifts.items() if shift},
            frozenset(station for station, shift in shifts.items() if shift is None),
        )


@dataclass(frozen=True)
class Order:
    """`shifts` are added to the times of the backend's lines; of `unsteady` stations the log's own order is kept."""

    needs_sorting: bool
    shifts: dict[str, int]
    unsteady: frozenset[str]

    def times(self, records: Iterable[Record]) -> Iterator[tuple[int, Record]]:
        """Each record with the time by which it is sorted, which never runs back within a station."""
        newest: dict[str, int] = {}
        for record in records if not self.needs_sorting else self._sorted(records):
            at_ns = max(self._time(record), newest.get(record.station, -(1 << 62)))
            newest[record.station] = at_ns
            yield at_ns, record

    def _time(self, record: Record) -> int:
        return record.utc_ns + (self.shifts.get(record.station, 0) if record.sender == CSMS else 0)

    def _key(self, record: Record, newest: dict[str, int]) -> tuple[int, int]:
        """Of an unsteady station the time only moves on, so that its lines stay in their order."""
        at_ns = self._time(record)
        if record.station in self.unsteady:
            at_ns = newest[record.station] = max(at_ns, newest.get(record.station, at_ns))
        return at_ns, record.at

    def _sorted(self, records: Iterable[Record]) -> Iterator[Record]:
        newest: dict[str, int] = {}
        with tempfile.TemporaryDirectory(prefix="chargeproof-") as folder:
            runs: list[Path] = []
            chunk: list[tuple[tuple[int, int], Record]] = []
            for record in records:
                chunk.append((self._key(record, newest), record))
                if len(chunk) == CHUNK:
                    runs.append(_spill(Path(folder) / f"{len(runs)}", chunk))
                    chunk = []
            if not runs:
                yield from (record for _, record in sorted(chunk, key=_first))
                return
            runs.append(_spill(Path(folder) / f"{len(runs)}", chunk))
            yield from (record for _, record in heapq.merge(*map(_unspill, runs), key=_first))


def _first(pair: tuple[tuple[int, int], Record]) -> tuple[int, int]:
    return pair[0]


def _spill(path: Path, chunk: list[tuple[tuple[int, int], Record]]) -> Path:
    chunk.sort(key=_first)
    with path.open("wb") as file:
        for (at_ns, _), record in chunk:
            file.write(b"%d " % at_ns + _encoder.encode(record) + b"\n")
    return path


def _unspill(path: Path) -> Iterator[tuple[tuple[int, int], Record]]:
    with path.open("rb") as file:
        for line in file:
            at_ns, _, rest = line.partition(b" ")
            record = _decoder.decode(rest)
            yield (int(at_ns), record.at), record
