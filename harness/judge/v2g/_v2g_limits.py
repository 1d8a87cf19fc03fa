"""ISO 15118-20: the power that flows against the power that the car declared, which may change from loop to loop."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge, worst
from harness.judge._say import found, unseen
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, stands_still, within
from harness.judge.v2g._v2g_messages import body, named, number, session_messages
from harness.trace import Event, Trace
from requirement_catalog import Sense

_CLAUSE = "ISO 15118-20:2022, ChargeParameterDiscovery and charge loop"


@judge("v2g.within_the_cars_limits", reads=("meter",))
def within_the_cars_limits(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The power never went beyond the charge and discharge power that the car declared.

    A limit that the car lowers in the charge loop binds after the response time, one that it raises at once. Of a DC
    car the power at its contacts counts where the meter gives it; else the grid's, which holds the losses as well.
    """
    expected = "never more power than the car declared, in either direction"
    events = session_messages(trace, claim)
    declared = named(events, "ChargeParameterDiscoveryReq")
    loops = named(events, "ChargeLoopRes")
    if not declared or not loops:
        return unseen(expected, "no session with declared limits took place", acted="dut", clause=_CLAUSE)
    if _power(body(declared[-1]), "EVMaximumChargePower") is None:
        return unseen(expected, "the car declared no limit", acted="ev", clause=_CLAUSE)
    direct_current = str(declared[-1].data.get("name")).startswith("DC")
    at_car = _at_the_car(trace, loops[0].t_ns, loops[-1].t_ns) if direct_current else []
    points = at_car or within(series(trace, "p_w"), loops[0].t_ns, loops[-1].t_ns)
    if not points or longest_gap_s(points, loops[0].t_ns, loops[-1].t_ns) > MOST_GAP_S:
        return unseen(expected, "the meter was silent for a part of the session", acted="bench.meter", clause=_CLAUSE)
    said = [declared[-1], *named(events, "ChargeLoopReq")]
    lag_ns = int(limits["response"].value * 1e9)
    held = [_furthest(points, _declared(said, way), way, lag_ns, limits["over"]) for way in ("charging", "discharging")]
    verdict = worst([v for v, _ in held])
    seen = ", ".join(f"{m.value:.0f} W {m.name.split()[-1]} of {m.limit:.0f} W" for _, m in held)
    if direct_current and not at_car and held[0][0] is Verdict.FAIL and held[1][0] is not Verdict.FAIL:
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}, at the grid's side: the charger's own losses are part of it"
    if verdict is Verdict.PASS and stands_still(trace, loops[0].t_ns, loops[-1].t_ns):
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}; but the meter stood still to the last digit"
    return found(verdict, expected, seen, declared[-1], loops[-1], clause=_CLAUSE, measurements=[m for _, m in held])


def _at_the_car(trace: Trace, from_ns: int, to_ns: int) -> list[Point]:
    """The power at a DC car's contacts between two instants, + to the car, where the meter measures there."""
    volts = {p.seq: p for p in within(series(trace, "dc_u_v"), from_ns, to_ns)}
    return [
        Point(p.t_ns, p.value * u.value, abs(u.value) * p.uncertainty + abs(p.value) * u.uncertainty, p.seq)
        for p in within(series(trace, "dc_i_a"), from_ns, to_ns)
        if (u := volts.get(p.seq)) is not None
    ]


def _declared(said: list[Event], way: str) -> list[tuple[int, float]]:
    """What the car declared for one direction, as (t_ns, W), in order; a loop that says nothing changes nothing."""
    field = "EVMaximumChargePower" if way == "charging" else "EVMaximumDischargePower"
    told = [(e.t_ns, _power(body(e), field)) for e in said]
    return [(t_ns, abs(watts)) for t_ns, watts in told if watts is not None] or [(0, 0.0)]


def _furthest(
    points: list[Point], declared: list[tuple[int, float]], way: str, lag_ns: int, tolerated: ResolvedLimit
) -> tuple[Verdict, Measurement]:
    """The reading furthest beyond the limit that was in force when it was taken, held against it."""
    sign = 1.0 if way == "charging" else -1.0
    times = [t for t, _ in declared]

    def bound_w(point: Point) -> float:
        first = max(0, bisect_right(times, point.t_ns - lag_ns) - 1)
        last = max(first + 1, bisect_right(times, point.t_ns))
        return max(watts for _, watts in declared[first:last])

    furthest = max(points, key=lambda p: sign * p.value - bound_w(p))
    limit = ResolvedLimit(
        name="declared by the car",
        value=bound_w(furthest) + tolerated.value,
        unit="W",
        sense=Sense.AT_MOST,
        tolerance=tolerated.tolerance,
        source="declared by the car",
        decision_rule=tolerated.decision_rule,
        most_uncertain=tolerated.most_uncertain,
    )
    return held_against(
        f"most power {way}",
        sign * furthest.value,
        limit,
        uncertainty=furthest.uncertainty,
        at_ns=furthest.t_ns,
    )


def _power(content: dict[str, Any], field: str) -> float | None:
    """A declared power summed over phases, wherever the message's transfer mode holds it."""
    for value in content.values():
        if isinstance(value, dict) and field in value:
            total = number(value[field]) or 0.0
            return total + sum(number(value.get(f"{field}_{phase}")) or 0.0 for phase in ("L2", "L3"))
    return None
