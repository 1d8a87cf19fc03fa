"""A trace as judges see it: an immutable sequence of events with queries; a part of one is a view, never a copy."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from harness.trace._events import Event
from harness.trace._store import EventStore, PartStore, Positions, Store, cut, is_of

T = TypeVar("T")


class Trace(Sequence[Event]):
    """An immutable sequence of events with the queries judges need; judges see nothing else."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        if isinstance(events, Trace):
            self._store, self._at = events._store, events._at
        else:
            self._store = EventStore(events)
            self._at = range(len(self._store))

    _store: Store
    _at: Positions

    @classmethod
    def _of(cls, store: Store, at: Positions) -> Trace:
        view = Trace.__new__(Trace)
        view._store, view._at = store, at
        return view

    @classmethod
    def over(cls, store: Store) -> Trace:
        """All of a store."""
        return cls._of(store, range(len(store)))

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if isinstance(index, slice):
            return self._of(self._store, self._at[index])
        return self._store.event(self._at[index])

    def __iter__(self) -> Iterator[Event]:
        return map(self._store.event, self._at)

    def of(self, *kinds: str, who: str | None = None, case: str | None = None) -> Trace:
        """Events of these kinds; a kind that ends in "." takes its whole family ("ocpp.")."""
        if isinstance(self._at, range):
            return self._of(self._store, cut(self._store.of(kinds, who, case), self._at))
        store = self._store
        return self._of(
            store,
            [
                n
                for n in self._at
                if is_of(store.kinds[n], kinds)
                and (who is None or store.whos[n] == who)
                and (case is None or store.cases[n] == case)
            ],
        )

    def where(self, test: Callable[[Event], bool]) -> Trace:
        """Events for which `test` is true."""
        return self._of(self._store, array("I", (n for n in self._at if test(self._store.event(n)))))

    def between(self, from_ns: int, to_ns: int) -> Trace:
        """Events with from_ns <= t_ns <= to_ns."""
        times = self._store.t_ns
        near = cut(self._at, self._store.around(from_ns, to_ns))
        if all(from_ns <= times[n] <= to_ns for n in near):
            return self._of(self._store, near)
        return self._of(self._store, array("I", (n for n in near if from_ns <= times[n] <= to_ns)))

    def after(self, seq: int) -> Trace:
        """Events recorded after `seq`."""
        return self._by_number(lambda number: number > seq, seq, later=True)

    def up_to(self, seq: int) -> Trace:
        """Events recorded up to and with `seq`."""
        return self._by_number(lambda number: number <= seq, seq, later=False)

    def by_seq(self, seq: int) -> Event:
        """The event with this number. Raises KeyError when the trace does not hold it."""
        at = self._at_seq(seq)
        if at is None:
            raise KeyError(f"no event {seq} in this trace")
        return self._store.event(at)

    @property
    def numbers(self) -> Numbers:
        """The numbers of its events, to ask whether one is among them."""
        return Numbers(self)

    @property
    def whole(self) -> Trace:
        """The whole trace that this is a view of."""
        return Trace.over(self._store)

    @property
    def is_prefix(self) -> bool:
        """Whether it holds everything up to its end, of the whole trace that it is a view of."""
        return isinstance(self._at, range) and self._at.start == 0

    @property
    def unscoped(self) -> Trace:
        """The same stretch with what is about other stations and EVSEs too, where this is a scope's part."""
        store = self._store
        while isinstance(store, PartStore):
            store = store.whole
        if store is self._store or not len(self):
            return self
        seqs, first, last = self._store.seqs, self._at[0], self._at[-1]
        whole = Trace.over(store)
        whole = whole.after(seqs[first] - 1) if first > 0 else whole
        return whole.up_to(seqs[last]) if last + 1 < len(self._store) else whole

    @property
    def of_station(self) -> str | None:
        """The station that this is a scope's part about, where there are others in the trace; else None."""
        return self._store.station if isinstance(self._store, PartStore) else None

    @property
    def of_evse(self) -> int | None:
        """The EVSE that this is a scope's part about, where there are others in the trace; else None."""
        return self._store.evse if isinstance(self._store, PartStore) else None

    def once(self, key: Any, find: Callable[[], T]) -> T:
        """What `find` finds out about the whole trace that this is a view of; it is asked once for each key."""
        return self._store.once(key, find)

    def _at_seq(self, seq: int) -> int | None:
        seqs = self._store.seqs
        if not self._store.in_order():
            return next((n for n in self._at if seqs[n] == seq), None)
        at = bisect_left(seqs, seq)
        if at == len(seqs) or seqs[at] != seq:
            return None
        if isinstance(self._at, range):
            return at if at in self._at else None
        place = bisect_left(self._at, at)
        return at if place < len(self._at) and self._at[place] == at else None

    def _by_number(self, fits: Callable[[int], bool], seq: int, *, later: bool) -> Trace:
        seqs = self._store.seqs
        if not self._store.in_order():
            return self._of(self._store, [n for n in self._at if fits(seqs[n])])
        place = bisect_left(self._at, bisect_right(seqs, seq))
        return self._of(self._store, self._at[place:] if later else self._at[:place])


class Numbers:
    """Which events a trace holds, by number."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __contains__(self, seq: int) -> bool:
        return self._trace._at_seq(seq) is not None
