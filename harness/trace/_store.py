"""Events as columns: what queries ask for is at hand, the rest of an event is decoded when somebody looks at it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from sys import intern
from typing import Any, TypeVar

import msgspec

from harness.trace._events import GENESIS, Event

T = TypeVar("T")
Positions = Sequence[int]  # where events stand in their store, ascending: a range, an array or a view of one
_KEPT = 100_000  # decoded events of common kinds kept at hand, beside all of the rare ones
_COMMON = frozenset(
    (
        *("bench.action", "bench.reply", "bench.sample", "ocpp.frame", "step.ended", "step.started"),
        *("v2g.message", "wait.ended", "wait.started"),
    )
)

_event = msgspec.json.Decoder(Event)


class Line(msgspec.Struct):
    """An event whose data is only known to be an object, until somebody looks."""

    seq: int
    t_ns: int
    utc: str
    kind: str
    who: str
    data: msgspec.Raw
    case: str | None = None
    step: str | None = None
    station: str | None = None
    evse: int | None = None
    connection: int | None = None
    prev: str = GENESIS


class _Data(msgspec.Struct):
    data: dict[str, Any]


_data = msgspec.json.Decoder(_Data)


class Store(ABC):
    """All events of one trace, addressed by position. `memo` holds what was found out about them once."""

    def __init__(self) -> None:
        self.seqs = array("q")
        self.t_ns = array("q")
        self.kinds: list[str] = []
        self.whos: list[str] = []
        self.cases: list[str | None] = []
        self._memo: dict[Any, Any] = {}

    def __len__(self) -> int:
        return len(self.seqs)

    @abstractmethod
    def event(self, at: int) -> Event:
        """The event at a position."""

    @abstractmethod
    def data(self, at: int) -> dict[str, Any]:
        """Its data alone."""

    def line(self, at: int) -> bytes | None:
        """Its line of the journal; None where there is none any more."""
        return None

    @abstractmethod
    def about(self, at: int) -> tuple[str | None, int | None]:
        """Station and EVSE that it says it is about."""

    def once(self, key: Any, find: Callable[[], T]) -> T:
        """What `find` finds; it is asked once."""
        if key not in self._memo:
            self._memo[key] = find()
        found: T = self._memo[key]
        return found

    def of(self, kinds: tuple[str, ...], who: str | None = None, case: str | None = None) -> array[int]:
        """Where the events of these kinds are; a kind that ends in "." is a family. Of one actor, one case."""
        return self.once(("of", kinds, who, case), lambda: self._of(kinds, who, case))

    def _of(self, kinds: tuple[str, ...], who: str | None, case: str | None) -> array[int]:
        if who is not None or case is not None:
            every = self.of(kinds)
            return array(
                "I",
                (n for n in every if (who is None or self.whos[n] == who) and (case is None or self.cases[n] == case)),
            )
        by_kind = self.once("kinds", self._by_kind)
        fit = [at for kind, at in by_kind.items() if is_of(kind, kinds)]
        return fit[0] if len(fit) == 1 else array("I", sorted(n for at in fit for n in at))

    def _by_kind(self) -> dict[str, array[int]]:
        by_kind: dict[str, array[int]] = {}
        for at, kind in enumerate(self.kinds):
            if kind not in by_kind:
                by_kind[kind] = array("I")
            by_kind[kind].append(at)
        return by_kind

    def in_order(self) -> bool:
        """Whether the events' numbers ascend."""
        return self.once("in order", lambda: all(a < b for a, b in pairwise(self.seqs)))

    def around(self, from_ns: int, to_ns: int) -> range:
        """Positions outside which no event lies in this time; `t_ns` may run back a little from one to the next."""
        latest, earliest = self.once("times", lambda: bounds_of(self.t_ns))
        return range(bisect_left(latest, from_ns), bisect_right(earliest, to_ns))


class EventStore(Store):
    """Events that are in memory already."""

    def __init__(self, events: Iterable[Event]) -> None:
        super().__init__()
        self._events = tuple(events)
        self.seqs = array("q", (e.seq for e in self._events))
        self.t_ns = array("q", (e.t_ns for e in self._events))
        self.kinds = [e.kind for e in self._events]
        self.whos = [e.who for e in self._events]
        self.cases = [e.case for e in self._events]

    def event(self, at: int) -> Event:
        return self._events[at]

    def data(self, at: int) -> dict[str, Any]:
        return self._events[at].data

    def about(self, at: int) -> tuple[str | None, int | None]:
        event = self._events[at]
        return event.station, event.evse


class LineStore(Store):
    """Events that stand in a journal's bytes; `add` them line by line, in order."""

    def __init__(self, journal: bytes) -> None:
        super().__init__()
        self._journal = journal
        self._starts = array("Q")
        self._ends = array("Q")
        self._about: dict[int, tuple[str | None, int | None]] = {}
        self._decoded: dict[int, Event] = {}
        self._common: list[int] = []  # those of the decoded ones that may be let go

    def add(self, start: int, end: int, line: Line) -> None:
        """The next event, and where it stands."""
        self._starts.append(start)
        self._ends.append(end)
        if line.station is not None or line.evse is not None:
            self._about[len(self.seqs)] = (intern(line.station) if line.station else None, line.evse)
        self.seqs.append(line.seq)
        self.t_ns.append(line.t_ns)
        self.kinds.append(intern(line.kind))
        self.whos.append(intern(line.who))
        self.cases.append(line.case if line.case is None else intern(line.case))

    def event(self, at: int) -> Event:
        found = self._decoded.get(at)
        if found is None:
            found = self._decoded[at] = _event.decode(self.line(at))
            if self.kinds[at] in _COMMON:
                self._keep(at)
        return found

    def _keep(self, at: int) -> None:
        self._common.append(at)
        if len(self._common) >= _KEPT:
            for each in self._common:
                del self._decoded[each]
            self._common = []

    def data(self, at: int) -> dict[str, Any]:
        found = self._decoded.get(at)
        return found.data if found is not None else _data.decode(self.line(at)).data

    def about(self, at: int) -> tuple[str | None, int | None]:
        return self._about.get(at, (None, None))

    def line(self, at: int) -> bytes:
        return self._journal[self._starts[at] : self._ends[at]]


class PartStore(Store):
    """Some of another store's events, as a trace of their own.

    `station`, `evse`: those that are about it, or about none.
    """

    def __init__(self, whole: Store, at: Positions, station: str | None = None, evse: int | None = None) -> None:
        super().__init__()
        self.station, self.evse = station, evse
        self.whole, self.at = whole, array("I", at)
        self.seqs = array("q", (whole.seqs[n] for n in self.at))
        self.t_ns = array("q", (whole.t_ns[n] for n in self.at))
        self.kinds = [whole.kinds[n] for n in self.at]
        self.whos = [whole.whos[n] for n in self.at]
        self.cases = [whole.cases[n] for n in self.at]

    def event(self, at: int) -> Event:
        return self.whole.event(self.at[at])

    def data(self, at: int) -> dict[str, Any]:
        return self.whole.data(self.at[at])

    def line(self, at: int) -> bytes | None:
        return self.whole.line(self.at[at])

    def about(self, at: int) -> tuple[str | None, int | None]:
        return self.whole.about(self.at[at])


def is_of(kind: str, kinds: tuple[str, ...]) -> bool:
    """Whether a kind is one of these or belongs to one of their families."""
    return any(kind == each or (each.endswith(".") and kind.startswith(each)) for each in kinds)


def cut(at: Positions, view: Positions) -> Positions:
    """Those of `at` that lie in a view, without copying where the view has no gaps."""
    if isinstance(view, range):
        low, high = bisect_left(at, view.start), bisect_left(at, view.stop)
        return memoryview(at)[low:high] if isinstance(at, array) else at[low:high]
    inside = set(view)
    return [n for n in at if n in inside]


def bounds_of(times: array[int]) -> tuple[array[int], array[int]]:
    """For each place the latest time up to it and the earliest from it on: both ascend, whatever the times do."""
    if all(a <= b for a, b in pairwise(times)):
        return times, times
    latest, earliest = array("q", times), array("q", times)
    for n in range(1, len(times)):
        latest[n] = max(latest[n], latest[n - 1])
    for n in range(len(times) - 2, -1, -1):
        earliest[n] = min(earliest[n], earliest[n + 1])
    return latest, earliest
