"""What the status light looked like, reading by reading, and how soon it took on a look."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from harness.judge._series import MOST_GAP_S
from harness.trace import Event, Trace, readings
from requirement_catalog import own_count, own_ns

_GAP_NS = int(MOST_GAP_S * 1e9)
_NEWEST_RUNS = own_count("light.newest_runs")
_time = attrgetter("t_ns")
_look_of = attrgetter("look")
_RECOGNISED_NS = own_ns("light.recognised")


class Look(NamedTuple):
    """What the light looked like: a colour's name and a pattern."""

    colour: str
    pattern: str

    def __str__(self) -> str:
        return self.colour if self.pattern == "steady" else f"{self.pattern} {self.colour}"


class Seen(NamedTuple):
    """One reading of the light: when, what, and the number of its event in `trace`."""

    t_ns: int
    look: Look
    seq: int
    trace: Trace

    @property
    def event(self) -> Event:
        """The event that holds it."""
        return self.trace.by_seq(self.seq)


@dataclass(frozen=True)
class Span:
    """A stretch of time; `closed` when the power was seen to end it, rather than the recording."""

    from_ns: int
    to_ns: int
    closed: bool

    @property
    def length_ns(self) -> int:
        """How long it lasted."""
        return self.to_ns - self.from_ns


def looks(trace: Trace, until: int) -> list[Seen]:
    """The light's readings up to an event, whoever gave them (sensor or person).

    A single reading between two that agree with each other is a slip of the sensor and left out. A light that begins to
    pulse or blink looks steady at first: that belongs to what it turns out to be.
    """
    whole = trace.once("looks", lambda: _Whole(trace.whole))
    part = trace.of("bench.sample", who="bench.light").up_to(until)
    if not len(part) or part[0].seq != whole.raw[0].seq:
        raw = [_seen(e, trace) for e in part]
        return _recognised(_without_slips(raw), None)
    newest: dict[int, list[Seen]] = trace.once("newest looks", dict)
    if len(part) not in newest:
        newest.clear()  # claims about the light come together
        newest[len(part)] = whole.first(len(part))
    return newest[len(part)]


class _Whole:
    """All readings of a trace, looked through once; of its first ones only the newest are looked at again."""

    def __init__(self, trace: Trace) -> None:
        self.raw = [
            Seen(t_ns, _look(colour, pattern), seq, trace)
            for t_ns, seq, (colour, pattern), _ in readings(trace, "bench.light", ("colour", "pattern"))
        ]
        self._kept = _without_slips(self.raw)
        self._final = _recognised(self._kept, None)
        looks_of = [x.look for x in self._kept]
        self._starts = [n for n in range(len(looks_of)) if n == 0 or looks_of[n - 1] != looks_of[n]]
        self._numbers = [x.seq for x in self._kept]

    def first(self, count: int) -> list[Seen]:
        """What `looks` says of the first readings alone."""
        last = self.raw[count - 1]
        kept = bisect_right(self._numbers, last.seq)
        old = self._starts[max(bisect_right(self._starts, kept - 1) - _NEWEST_RUNS, 0)] if kept else 0
        newest = self._kept[old:kept]
        if not newest or newest[-1].seq != last.seq:
            newest.append(last)  # the last reading is no slip: nothing behind it agrees with what was before
        return self._final[:old] + _recognised(newest, self._final[old - 1].look if old else None)


def _seen(event: Event, trace: Trace) -> Seen:
    values = event.data["values"]
    return Seen(event.t_ns, _look(values.get("colour"), values.get("pattern")), event.seq, trace)


def _look(colour: object, pattern: object) -> Look:
    return Look("?" if colour is None else str(colour), str(pattern or "steady"))


def _without_slips(raw: list[Seen]) -> list[Seen]:
    slips = {
        n
        for n in range(1, len(raw) - 1)
        if raw[n - 1].look == raw[n + 1].look != raw[n].look and raw[n + 1].t_ns - raw[n - 1].t_ns <= _GAP_NS / 2
    }
    return [x for n, x in enumerate(raw) if n not in slips]


def _recognised(shown: list[Seen], before: Look | None) -> list[Seen]:
    """The readings as what they turn out to be; `before` is how the light looked ahead of them."""
    runs = [list(group) for _, group in groupby(shown, key=lambda x: x.look)]
    for run, after in pairwise(runs):
        look, turned = run[0].look, after[0].look
        fresh = before is None or before.colour != look.colour
        moving = turned.pattern not in ("steady", "off") and turned.colour == look.colour
        if fresh and moving and look.pattern == "steady" and after[0].t_ns - run[0].t_ns <= _RECOGNISED_NS:
            run[:] = [x._replace(look=turned) for x in run]
        before = run[0].look
    return [x for run in runs for x in run]


def inside(shown: list[Seen], from_ns: int, to_ns: int) -> list[Seen]:
    """The readings between two instants; their times ascend."""
    return shown[bisect_left(shown, from_ns, key=_time) : bisect_right(shown, to_ns, key=_time)]


def outside(shown: list[Seen], spans: list[tuple[int, int]]) -> list[Seen]:
    """The readings in none of these stretches of time."""
    left: list[Seen] = []
    after_ns: int | None = None
    for from_ns, to_ns in sorted(spans):
        start = 0 if after_ns is None else bisect_right(shown, after_ns, key=_time)
        left += shown[start : bisect_left(shown, from_ns, key=_time)]
        after_ns = to_ns if after_ns is None else max(after_ns, to_ns)
    return left + shown[0 if after_ns is None else bisect_right(shown, after_ns, key=_time) :]


def usual(shown: list[Seen]) -> Look:
    """The look that was seen most often. Raises IndexError when there is none."""
    seen: Counter[Look] = Counter(map(_look_of, shown))
    return seen.most_common(1)[0][0]


def is_sparse(shown: list[Seen]) -> bool:
    """Whether somebody looked now and then, rather than an instrument all the time."""
    count = len(shown) - 1
    if count > 0 and 2 * ((shown[-1].t_ns - shown[0].t_ns) // _GAP_NS) < count - 1:
        return False  # so few long gaps fit into that time that they are the fewer
    gaps = [b.t_ns - a.t_ns for a, b in pairwise(shown)]
    return not gaps or median(gaps) > _GAP_NS


def longest_run_s(shown: list[Seen], look: Look) -> float:
    """For how long without a break the light had this look."""
    longest_ns = 0
    for same, group in groupby(shown, key=lambda x: x.look == look):
        run = list(group)
        if same:
            longest_ns = max(longest_ns, run[-1].t_ns - run[0].t_ns)
    return longest_ns / 1e9


@dataclass(frozen=True)
class Followed:
    """Between which moments after a stretch's start the light was right for good; `latest_s` None: never.

    `ahead`: it changed before the stretch was over, within the time it has to follow. `gap_s`: longest unwatched time.
    """

    earliest_s: float
    latest_s: float | None
    ahead: bool
    gap_s: float
    event: Event | None
    seen: int

    def said(self) -> str:
        """The time in words."""
        return f"{self.earliest_s if self.latest_s is None else self.latest_s:.2f} s"


def follows(shown: list[Seen], span: Span, right: Callable[[Look], bool], follow_ns: int) -> Followed:
    """How soon the light was right in a stretch, and stayed so to its end."""
    here = inside(shown, span.from_ns, span.to_ns)
    kept = list(here)
    while span.closed and kept and not right(kept[-1].look):
        kept.pop()
    cut = here[len(kept) :]
    ahead = bool(cut) and bool(kept) and cut[0].t_ns >= span.to_ns - follow_ns
    if not ahead:
        kept = here
    wrong = [n for n, x in enumerate(kept) if not right(x.look)]
    last = wrong[-1] if wrong else -1
    after = kept[last + 1] if last + 1 < len(kept) else None
    times = [span.from_ns, *(x.t_ns for x in here), span.to_ns]
    return Followed(
        earliest_s=(kept[last].t_ns - span.from_ns) / 1e9 if wrong else 0.0,
        latest_s=(after.t_ns - span.from_ns) / 1e9 if after is not None else None,
        ahead=ahead,
        gap_s=max(b - a for a, b in pairwise(times)) / 1e9,
        event=kept[last].event if wrong else after.event if after else None,
        seen=len(here),
    )
