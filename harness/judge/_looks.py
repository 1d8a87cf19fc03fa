"""What the status light looked like, reading by reading, and how soon it took on a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from harness.judge._series import MOST_GAP_S
from harness.trace import Event, Trace

_GAP_NS = int(MOST_GAP_S * 1e9)
_RECOGNISED_NS = 700_000_000  # so long a pulse's or a blink's bright part may last


@dataclass(frozen=True)
class Look:
    """What the light looked like: a colour's name and a pattern."""

    colour: str
    pattern: str

    def __str__(self) -> str:
        return self.colour if self.pattern == "steady" else f"{self.pattern} {self.colour}"


@dataclass(frozen=True)
class Seen:
    """One reading of the light."""

    event: Event
    look: Look

    @property
    def t_ns(self) -> int:
        """When it was read."""
        return self.event.t_ns


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
    raw = [
        Seen(e, Look(str(e.data["values"].get("colour", "?")), str(e.data["values"].get("pattern") or "steady")))
        for e in trace
        if e.kind == "bench.sample" and e.who == "bench.light" and e.seq <= until
    ]
    slips = {
        n
        for n in range(1, len(raw) - 1)
        if raw[n - 1].look == raw[n + 1].look != raw[n].look and raw[n + 1].t_ns - raw[n - 1].t_ns <= _GAP_NS / 2
    }
    return _recognised([x for n, x in enumerate(raw) if n not in slips])


def _recognised(readings: list[Seen]) -> list[Seen]:
    runs = [list(group) for _, group in groupby(readings, key=lambda x: x.look)]
    for before, run, after in zip([None, *runs], runs, runs[1:], strict=False):
        look, turned = run[0].look, after[0].look
        fresh = before is None or before[0].look.colour != look.colour
        moving = turned.pattern not in ("steady", "off") and turned.colour == look.colour
        if fresh and moving and look.pattern == "steady" and after[0].t_ns - run[0].t_ns <= _RECOGNISED_NS:
            run[:] = [Seen(x.event, turned) for x in run]
    return [x for run in runs for x in run]


def inside(readings: list[Seen], from_ns: int, to_ns: int) -> list[Seen]:
    """The readings between two instants."""
    return [x for x in readings if from_ns <= x.t_ns <= to_ns]


def usual(readings: list[Seen]) -> Look:
    """The look that was seen most often. Raises IndexError when there is none."""
    return Counter(x.look for x in readings).most_common(1)[0][0]


def is_sparse(readings: list[Seen]) -> bool:
    """Whether somebody looked now and then, rather than an instrument all the time."""
    gaps = [b.t_ns - a.t_ns for a, b in pairwise(readings)]
    return not gaps or median(gaps) > _GAP_NS


def longest_run_s(readings: list[Seen], look: Look) -> float:
    """For how long without a break the light had this look."""
    longest_ns = 0
    for same, group in groupby(readings, key=lambda x: x.look == look):
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


def follows(readings: list[Seen], span: Span, right: Callable[[Look], bool], follow_ns: int) -> Followed:
    """How soon the light was right in a stretch, and stayed so to its end."""
    here = inside(readings, span.from_ns, span.to_ns)
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
