"""Instrument series out of a trace, and the two questions every setpoint judge asks: since when, and for how long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from harness.trace import Column, Trace, as_spread, is_number, readings, samples
from requirement_catalog import own_count, own_number

MOST_GAP_S = own_number("instrument.most_gap")
_PHASES = ("i_l1_a", "i_l2_a", "i_l3_a")
_REGISTERS = ("e_import_wh", "e_export_wh")
_STILL_READINGS, _STILL_QUANTITIES = own_count("instrument.still_readings"), own_count("instrument.still_quantities")


class Point(NamedTuple):
    """One reading: `t_ns` monotonic, `value` and standard `uncertainty` in the quantity's unit, `seq` of its event."""

    t_ns: int
    value: float
    uncertainty: float
    seq: int


class Series(Sequence[Point]):
    """Readings in order; a reading becomes a point when it is looked at."""

    def __init__(self, column: Column, at: range) -> None:
        self._column, self._at = column, at

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if isinstance(index, slice):
            return Series(self._column, self._at[index])
        c, n = self._column, self._at[index]
        return Point(c.t_ns[n], c.value[n], c.uncertainty[n], c.seq[n])

    def within(self, from_ns: int, to_ns: int) -> list[Point]:
        """The points with from_ns <= t_ns <= to_ns."""
        latest, earliest = self._column.bounds
        low, high = bisect_left(latest, from_ns), bisect_right(earliest, to_ns)
        near = self[max(low - self._at.start, 0) : max(high - self._at.start, 0)]
        return [p for p in near if from_ns <= p.t_ns <= to_ns]


def series(trace: Trace, quantity: str, *, role: str = "meter") -> Series:
    """All readings of a quantity: "p_w" (signed), "i_max_a" (largest phase current, unsigned), or a raw name."""
    who = f"bench.{role}"
    if quantity == "i_max_a":
        column = trace.once(("i_max_a", who), lambda: _largest(trace, who))
    else:
        column = samples(trace, who, quantity)
    if not len(trace):
        return Series(column, range(0))
    return Series(column, range(bisect_left(column.seq, trace[0].seq), bisect_right(column.seq, trace[-1].seq)))


def _largest(trace: Trace, who: str) -> Column:
    """The largest phase current without its sign, and the largest uncertainty, reading by reading."""
    column = Column()
    for t_ns, seq, values, spreads in readings(trace, who, _PHASES):
        shown = [(abs(v), as_spread(u)) for v, u in zip(values, spreads, strict=True) if is_number(v)]
        if shown:
            column.add(t_ns, float(max(v for v, _ in shown)), max(u for _, u in shown), seq)
    return column


def within(points: Sequence[Point], from_ns: int, to_ns: int) -> list[Point]:
    """The points with from_ns <= t_ns <= to_ns."""
    if isinstance(points, Series):
        return points.within(from_ns, to_ns)
    return [p for p in points if from_ns <= p.t_ns <= to_ns]


def longest_gap_s(points: Sequence[Point], from_ns: int, to_ns: int) -> float:
    """The longest time without a reading between two instants, in seconds."""
    times = [from_ns, *(p.t_ns for p in points), to_ns]
    return max((b - a for a, b in pairwise(times)), default=0) / 1e9


def stands_still(trace: Trace, from_ns: int, to_ns: int, *, role: str = "meter") -> bool:
    """Whether the instrument repeated one reading to the last digit, in more quantities than ever rest together.

    A frozen meter shows a limit kept or broken for ever. Zeros do not count: a meter without load is at rest. Nor do
    its registers then, which must not advance (no-load condition, IEC 62052-11 and EN 50470-3).
    """
    shown = [e.data.get("values", {}) for e in trace.between(from_ns, to_ns).of("bench.sample", who=f"bench.{role}")]
    if len(shown) < _STILL_READINGS or any(bool(values != shown[0]) for values in shown[1:]):
        return False
    live = {name: v for name, v in shown[0].items() if is_number(v) and v != 0}
    if not any(name in live for name in ("p_w", *_PHASES)):
        live = {name: v for name, v in live.items() if name not in _REGISTERS}
    return len(live) >= _STILL_QUANTITIES


@dataclass(frozen=True)
class Settled:
    """Between which two moments a bound was reached for good, in seconds after the window's start.

    Not before `earliest_s`, where the last reading stood that surely violates it (0 when none does); and not after
    `latest_s`, the first reading behind the last one that may violate it (None when the very last one still may).
    `held_s` is how long it was then seen kept; `extreme` the reading furthest out behind the last sure violation.
    """

    earliest_s: float
    latest_s: float | None
    held_s: float
    last_violation: Point | None
    extreme: Point
    never: bool


def settled(points: list[Point], start_ns: int, low: float, high: float) -> Settled:
    """When the series entered [low, high] for good. `points` lie in the window, in order, and are not empty."""

    def last_outside(margin: int) -> int:
        for n in range(len(points) - 1, -1, -1):
            p = points[n]
            if p.value - margin * p.uncertainty > high or p.value + margin * p.uncertainty < low:
                return n
        return -1

    sure, doubtful = last_outside(1), last_outside(-1)
    first_good = doubtful + 1
    latest_ns = points[first_good].t_ns if first_good < len(points) else None
    behind = points[sure + 1 :] or points[-1:]
    return Settled(
        earliest_s=(points[sure].t_ns - start_ns) / 1e9 if sure >= 0 else 0.0,
        latest_s=None if latest_ns is None else (latest_ns - start_ns) / 1e9 if doubtful >= 0 else 0.0,
        held_s=0.0 if latest_ns is None else (points[-1].t_ns - latest_ns) / 1e9,
        last_violation=points[sure] if sure >= 0 else None,
        extreme=max(behind, key=lambda p: max(p.value - high, low - p.value)),
        never=sure == len(points) - 1,
    )
