"""What all EVSEs of a station draw together: the readings of one meter, with what the others showed at that moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from harness.judge._series import MOST_GAP_S, Point, Series, series
from harness.judge.power._asked import Asked
from harness.trace import Scope, Trace

_GAP_NS = int(MOST_GAP_S * 1e9)


def bound_by(trace: Trace, ask: Asked) -> Sequence[Point]:
    """The readings that a request binds: of the EVSE that a judge looks at, or of all where it is for all of them.

    Values and uncertainties of several meters add up. Where another meter had been silent, there is no reading.
    """
    own = series(trace, ask.quantity)
    if not ask.of_all or trace.of_evse is None:
        return own
    everything = trace.unscoped
    metered = everything.once("metered EVSEs", lambda: _metered(everything.whole))
    added: Sequence[Point] = own
    for evse in sorted(metered - {trace.of_evse}):
        added = _added(added, series(Scope(everything, station=trace.of_station, evse=evse), ask.quantity))
    return added


def _metered(trace: Trace) -> set[int]:
    return {e.evse for e in trace.of("bench.sample", who="bench.meter") if e.evse is not None}


def _added(points: Sequence[Point], more: Series) -> list[Point]:
    times = [p.t_ns for p in more]
    found = []
    for point in points:
        at = bisect_right(times, point.t_ns) - 1
        if at >= 0 and point.t_ns - times[at] <= _GAP_NS:
            other = more[at]
            found.append(
                point._replace(value=point.value + other.value, uncertainty=point.uncertainty + other.uncertainty)
            )
    return found
