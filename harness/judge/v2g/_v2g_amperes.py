"""ISO 15118-20: the amperes and volts at a DC car's contacts against those that the car declared, loop by loop."""

from __future__ import annotations

from bisect import bisect_right

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge, worst
from harness.judge._say import found, unseen
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, stands_still, within
from harness.judge.v2g._v2g_messages import body, named, number, session_messages
from harness.trace import Event, Trace
from requirement_catalog import Sense

_CLAUSE = "ISO 15118-20:2022, DC_ChargeParameterDiscovery and DC_ChargeLoop"
Said = list[tuple[int, float]]  # what the car declared from when on: (t_ns, A or V), in order


@judge("v2g.within_the_cars_amperes", reads=("meter",))
def within_the_cars_amperes(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """At a DC car's contacts no more current than it declared, either way, and none into it above its highest voltage.

    What the car lowers in the charge loop binds after the response time, what it raises at once. It needs a meter that
    measures there (`dc_i_a`, `dc_u_v`): amperes and volts at the grid's side are others.
    """
    expected = "never more amperes than the car declared, either way, and none into it above its highest voltage"
    events = session_messages(trace, claim)
    declared, loops = named(events, "DC_ChargeParameterDiscoveryReq"), named(events, "DC_ChargeLoopRes")
    if not declared or not loops:
        return unseen(expected, "no DC session with declared limits took place", acted="dut", clause=_CLAUSE)
    from_ns, to_ns = loops[0].t_ns, loops[-1].t_ns
    amps, volts = (within(series(trace, name), from_ns, to_ns) for name in ("dc_i_a", "dc_u_v"))
    if not amps or not volts or longest_gap_s(amps, from_ns, to_ns) > MOST_GAP_S:
        return unseen(expected, "the meter told no current at the car's contacts", acted="bench.meter", clause=_CLAUSE)
    said, lag_ns = [declared[-1], *named(events, "DC_ChargeLoopReq")], int(limits["response"].value * 1e9)
    into, out, highest = (_told(said, field) for field in _FIELDS)
    if not into or not highest:
        return unseen(expected, "the car declared no current or no voltage", acted="ev", clause=_CLAUSE)
    held = [
        _furthest("current to the car", amps, into, lag_ns, limits["over_current"]),
        _furthest(
            "current from the car", [_turned(p) for p in amps], out or [(0, 0.0)], lag_ns, limits["over_current"]
        ),
    ]
    charged = _while_charged(volts, amps, limits["over_current"].tolerance)
    held += [_furthest("voltage", charged, highest, lag_ns, limits["over_voltage"])] if charged else []
    verdict = worst([v for v, _ in held])
    seen = ", ".join(f"{m.name} {m.value:.1f} {m.unit} of {m.limit:.0f} {m.unit}" for _, m in held)
    if verdict is Verdict.PASS and stands_still(trace, from_ns, to_ns):
        verdict, seen = Verdict.INCONCLUSIVE, f"{seen}; but the meter stood still to the last digit"
    return found(verdict, expected, seen, declared[-1], loops[-1], clause=_CLAUSE, measurements=[m for _, m in held])


_FIELDS = ("EVMaximumChargeCurrent", "EVMaximumDischargeCurrent", "EVMaximumVoltage")


def _told(said: list[Event], field: str) -> Said:
    """What the car declared under this name, without its sign; a message that says nothing changes nothing."""
    values = [
        (e.t_ns, number(inner[field]))
        for e in said
        for inner in body(e).values()
        if isinstance(inner, dict) and field in inner
    ]
    return [(t_ns, abs(value)) for t_ns, value in values if value is not None]


def _turned(point: Point) -> Point:
    return Point(point.t_ns, -point.value, point.uncertainty, point.seq)


def _while_charged(volts: list[Point], amps: list[Point], least_a: float) -> list[Point]:
    """The voltages in telegrams that show current into the car: a battery at rest has the voltage that it has."""
    charged = {p.seq for p in amps if p.value - p.uncertainty > least_a}
    return [p for p in volts if p.seq in charged]


def _furthest(
    name: str, points: list[Point], said: Said, lag_ns: int, tolerated: ResolvedLimit
) -> tuple[Verdict, Measurement]:
    """The reading furthest beyond what the car had declared when it was taken, held against that."""
    times = [t for t, _ in said]

    def bound(point: Point) -> float:
        first = max(0, bisect_right(times, point.t_ns - lag_ns) - 1)
        last = max(first + 1, bisect_right(times, point.t_ns))
        return max(value for _, value in said[first:last])

    furthest = max(points, key=lambda p: p.value - bound(p))
    limit = ResolvedLimit(
        name="declared by the car",
        value=bound(furthest) + tolerated.value,
        unit=tolerated.unit,
        sense=Sense.AT_MOST,
        tolerance=tolerated.tolerance,
        source="declared by the car",
        decision_rule=tolerated.decision_rule,
        most_uncertain=tolerated.most_uncertain,
    )
    return held_against(name, furthest.value, limit, uncertainty=furthest.uncertainty, at_ns=furthest.t_ns)
