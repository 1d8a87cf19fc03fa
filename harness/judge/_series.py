"""Instrument series out of a trace, and the two questions every setpoint judge asks: since when, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from harness.trace import Trace

MOST_GAP_S = 1.0  # a longer silence of the instrument is missing evidence, not compliance


@dataclass(frozen=True)
class Point:
    """One reading: `t_ns` monotonic, `value` and standard `uncertainty` in the quantity's unit, `seq` of its event."""

    t_ns: int
    value: float
    uncertainty: float
    seq: int


def series(trace: Trace, quantity: str, *, role: str = "meter") -> list[Point]:
    """All readings of a quantity: "p_w" (signed), "i_max_a" (largest phase current, unsigned), or a raw name."""
    points = []
    for event in trace:
        if event.kind != "bench.sample" or event.who != f"bench.{role}":
            continue
        values = event.data.get("values", {})
        uncertainty = event.data.get("uncertainty", {})
        if quantity == "i_max_a":
            phases = [abs(values[k]) for k in ("i_l1_a", "i_l2_a", "i_l3_a") if values.get(k) is not None]
            if phases:
                points.append(Point(event.t_ns, max(phases), uncertainty.get("i_a", 0.0), event.seq))
        elif isinstance(values.get(quantity), (int, float)) and not isinstance(values.get(quantity), bool):
            points.append(Point(event.t_ns, float(values[quantity]), uncertainty.get(quantity, 0.0), event.seq))
    return points


def within(points: list[Point], from_ns: int, to_ns: int) -> list[Point]:
    """The points with from_ns <= t_ns <= to_ns."""
    return [p for p in points if from_ns <= p.t_ns <= to_ns]


def longest_gap_s(points: list[Point], from_ns: int, to_ns: int) -> float:
    """The longest time without a reading between two instants, in seconds."""
    times = [from_ns, *(p.t_ns for p in points), to_ns]
    return max((b - a for a, b in pairwise(times)), default=0) / 1e9


@dataclass(frozen=True)
class Settled:
    """Since when a bound has been kept to the end of the window, seconds after its start.

    `sure_s` counts only readings that violate it beyond their uncertainty, `doubtful_s` also those that may.
    `last_violation` is the last sure one. `held_s` is how long it was kept after `sure_s`.
    """

    sure_s: float
    doubtful_s: float
    held_s: float
    last_violation: Point | None
    extreme: Point


def settled(points: list[Point], start_ns: int, low: float, high: float) -> Settled:
    """When the series entered [low, high] for good. `points` lie in the window and are not empty."""

    def entered(margin: int) -> tuple[float, Point | None]:
        bad = [
            (n, p)
            for n, p in enumerate(points)
            if p.value - margin * p.uncertainty > high or p.value + margin * p.uncertainty < low
        ]
        if not bad:
            return 0.0, None
        n, last = bad[-1]
        first_good = points[n + 1].t_ns if n + 1 < len(points) else points[-1].t_ns
        return (first_good - start_ns) / 1e9, last

    sure_s, violation = entered(1)
    doubtful_s, _ = entered(-1)
    inside_from = start_ns + int(sure_s * 1e9)
    rest = [p for p in points if p.t_ns >= inside_from] or points[-1:]
    never = violation is not None and violation.t_ns == points[-1].t_ns
    held_s = 0.0 if never else (points[-1].t_ns - inside_from) / 1e9
    extreme = max(rest, key=lambda p: max(p.value - high, low - p.value))
    return Settled(sure_s, max(sure_s, doubtful_s), held_s, violation, extreme)
