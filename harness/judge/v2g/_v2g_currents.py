"""ISO 15118-20 over DC: the current that flows against the currents that the car declared."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge, worst
from harness.judge._say import found, unseen
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, within
from harness.judge.v2g._v2g_messages import body, named, number, session_messages
from harness.trace import Event, Trace
from requirement_catalog import Sense

_CLAUSE = "ISO 15118-20:2022, ChargeParameterDiscovery and charge loop"
_FIELDS = {"charging": "EVMaximumChargeCurrent", "discharging": "EVMaximumDischargeCurrent"}


@judge("v2g.within_the_cars_amperes", reads=("meter",))
def within_the_cars_amperes(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """In a DC session never more current at the car than it declared, in either direction.

    A limit that the car lowers in the charge loop binds after the response time, one that it raises at once.
    """
    expected = "never more current than the car declared, in either direction"
    events = session_messages(trace, claim)
    declared, loops = named(events, "DC_ChargeParameterDiscoveryReq"), named(events, "DC_ChargeLoopRes")
    if not declared or not loops:
        return unseen(expected, "no DC session with declared limits took place", acted="dut", clause=_CLAUSE)
    points = within(series(trace, "dc_i_a"), loops[0].t_ns, loops[-1].t_ns)
    if not points or longest_gap_s(points, loops[0].t_ns, loops[-1].t_ns) > MOST_GAP_S:
        return unseen(expected, "nobody measured the current at the car", acted="bench.meter", clause=_CLAUSE)
    said, lag_ns = [declared[-1], *named(events, "DC_ChargeLoopReq")], int(limits["response"].value * 1e9)
    told = {way: _told(said, field) for way, field in _FIELDS.items()}
    held = [_furthest(points, told[way], way, lag_ns, limits["over_current"]) for way in _FIELDS if told[way]]
    if not held:
        return unseen(expected, "the car declared no current", acted="ev", clause=_CLAUSE)
    seen = ", ".join(f"{m.value:.1f} A {m.name.split()[-1]} of {m.limit:.1f} A" for _, m in held)
    verdict, measured = worst([v for v, _ in held]), [m for _, m in held]
    return found(verdict, expected, seen, declared[-1], loops[-1], clause=_CLAUSE, measurements=measured)


def _told(said: Sequence[Event], field: str) -> list[tuple[int, float]]:
    """A limit as (t_ns, A) in order, without its sign; a message that does not name it changes nothing."""
    told = [
        (e.t_ns, amps)
        for e in said
        for block in body(e).values()
        if isinstance(block, dict) and (amps := number(block.get(field))) is not None
    ]
    return [(t_ns, abs(amps)) for t_ns, amps in told]


def _furthest(
    points: Sequence[Point], told: list[tuple[int, float]], way: str, lag_ns: int, tolerated: ResolvedLimit
) -> tuple[Verdict, Measurement]:
    """The reading furthest beyond the limit that was in force when it was taken, held against it."""
    sign, times = (1.0 if way == "charging" else -1.0), [t for t, _ in told]

    def bound_a(point: Point) -> float:
        first = max(0, bisect_right(times, point.t_ns - lag_ns) - 1)
        return max(amps for _, amps in told[first : max(first + 1, bisect_right(times, point.t_ns))])

    furthest = max(points, key=lambda p: sign * p.value - bound_a(p))
    limit = ResolvedLimit(
        name="declared by the car",
        value=bound_a(furthest) + tolerated.value,
        unit="A",
        sense=Sense.AT_MOST,
        tolerance=tolerated.tolerance,
        source="declared by the car",
        decision_rule=tolerated.decision_rule,
        most_uncertain=tolerated.most_uncertain,
    )
    most = sign * furthest.value
    return held_against(f"most current {way}", most, limit, uncertainty=furthest.uncertainty, at_ns=furthest.t_ns)
