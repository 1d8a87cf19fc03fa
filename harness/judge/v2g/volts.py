"""The voltage at a DC car's contacts: tested before the power, told as it is, and gone when the session is over."""

from __future__ import annotations

from itertools import takewhile
from statistics import median

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge, worst
from harness.judge._say import found, unseen
from harness.judge._series import MOST_GAP_S, Point, longest_gap_s, series, within
from harness.judge.v2g._v2g_messages import body, named, number, sessions
from harness.trace import Event, Trace

_CLAUSE = "IEC 61851-23; ISO 15118-20:2022, DC_CableCheck, DC_PreCharge and DC_WeldingDetection"
_BLIND = "the meter told no voltage at the car's contacts"


@judge("volts.tested", reads=("meter",))
def tested(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """In each session's cable check that ended well, a voltage stood at the car's contacts, `tested` at least.

    Insulation shows under voltage alone, and the message tells none. What stands there while the charger finds a fault
    of the insulation proves nothing.
    """
    least = limits["tested"]
    expected = f"the cable check puts {least.value:g} {least.unit} at least on the cable"
    checks = [_check(events) for events in sessions(trace, claim)]
    done = [check for check in checks if check is not None]
    if not done:
        return unseen(expected, "no cable check ended well", acted="dut", clause=_CLAUSE)
    held: list[tuple[Verdict, Measurement]] = []
    for begun, ended in done:
        points = _volts(trace, begun.t_ns, ended.t_ns)
        if not points or longest_gap_s(points, begun.t_ns, ended.t_ns) > MOST_GAP_S:
            return unseen(expected, _BLIND, acted="bench.meter", clause=_CLAUSE)
        most = max(points, key=lambda p: p.value)
        held.append(
            held_against("highest voltage", most.value, least, uncertainty=most.uncertainty, at_ns=most.t_ns),
        )
    seen = ", ".join(f"{m.value:.0f} V" for _, m in held)
    verdict = worst([v for v, _ in held])
    return found(verdict, expected, seen, *done[-1], clause=_CLAUSE, measurements=[m for _, m in held])


@judge("volts.as_told", reads=("meter",))
def as_told(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """At the end of a pre-charge the voltage told is the one at the car's contacts, and that is no more than asked.

    A car closes its contactors by what it is told; a difference of `apart` is harmless. Only a pre-charge in which the
    car took its time is looked at: while the voltage rises, what is told is behind.
    """
    apart = limits["apart"]
    expected = f"the voltage that pre-charge tells stands there, within {apart.value:g} {apart.unit}, and no more"
    ends = [end for events in sessions(trace, claim) if (end := _pre_charge(events, apart.value)) is not None]
    if not ends:
        return unseen(expected, "no pre-charge held its voltage for long enough", acted="dut", clause=_CLAUSE)
    held: list[tuple[Verdict, Measurement]] = []
    for since_ns, answer, told_v, asked_v in ends:
        points = _volts(trace, since_ns, answer.t_ns)
        if not points or longest_gap_s(points, since_ns, answer.t_ns) > MOST_GAP_S:
            return unseen(expected, _BLIND, acted="bench.meter", clause=_CLAUSE)
        stood_v, unsure = median(p.value for p in points), max(p.uncertainty for p in points)
        for name, volts in (("from what was told", abs(stood_v - told_v)), ("above what was asked", stood_v - asked_v)):
            held.append(held_against(name, volts, apart, uncertainty=unsure, at_ns=points[-1].t_ns))
    verdict, seen = worst([v for v, _ in held]), ", ".join(f"{m.value:.0f} V {m.name}" for _, m in held)
    return found(verdict, expected, seen, ends[-1][1], clause=_CLAUSE, measurements=[m for _, m in held])


@judge("volts.gone", reads=("meter",))
def gone(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """From `gone` seconds after event `since`, which ends a session, to the claim no more than `live` V stand there."""
    since, end_ns, time_s, live = (
        trace.by_seq(claim.params["since"]),
        _end_ns(trace, claim),
        limits["gone"],
        limits["live"],
    )
    expected = (
        f"at most {live.value:g} {live.unit} at the car's contacts {time_s.value:g} {time_s.unit} after the session"
    )
    before = _volts(trace, trace[0].t_ns, since.t_ns)
    if not any(p.value - p.uncertainty > live.value for p in before):
        return unseen(expected, "no voltage was seen there before", acted="bench.meter", clause=_CLAUSE)
    start_ns = since.t_ns + int(time_s.value * 1e9)
    points = _volts(trace, start_ns, end_ns)
    if not points or longest_gap_s(points, start_ns, end_ns) > MOST_GAP_S:
        return unseen(expected, _BLIND, acted="bench.meter", clause=_CLAUSE)
    verdict, measured = _highest(points, live)
    seen = f"{measured.value:.0f} V over {(end_ns - start_ns) / 1e9:.1f} s"
    return found(verdict, expected, seen, since, trace.by_seq(points[-1].seq), clause=_CLAUSE, measurements=[measured])


def _end_ns(trace: Trace, claim: Claim) -> int:
    return trace.by_seq(claim.seq).t_ns


def _highest(points: list[Point], live: ResolvedLimit) -> tuple[Verdict, Measurement]:
    most = max(points, key=lambda p: p.value)
    return held_against("highest voltage", most.value, live, uncertainty=most.uncertainty, at_ns=most.t_ns)


def _volts(trace: Trace, from_ns: int, to_ns: int) -> list[Point]:
    """What the meter showed at the car's contacts, without its sign."""
    points = within(series(trace, "dc_u_v"), from_ns, to_ns)
    return [Point(p.t_ns, abs(p.value), p.uncertainty, p.seq) for p in points]


def _check(events: list[Event]) -> tuple[Event, Event] | None:
    """The first request and the last answer of a cable check that was finished without a fault."""
    asked, answers = named(events, "DC_CableCheckReq"), named(events, "DC_CableCheckRes")
    if not asked or not answers:
        return None
    said = body(answers[-1])
    well = said.get("EVSEProcessing") == "Finished" and str(said.get("ResponseCode", "")).startswith("OK")
    return (asked[0], answers[-1]) if well else None


def _pre_charge(events: list[Event], apart_v: float) -> tuple[int, Event, float, float] | None:
    """Since when the last voltage told stood, its answer, what it told, and what the car had asked for.

    None where that was for less than an instrument's longest silence.
    """
    asked, answers = named(events, "DC_PreChargeReq"), named(events, "DC_PreChargeRes")
    told = [(e, volts) for e in answers if (volts := number(body(e).get("EVSEPresentVoltage"))) is not None]
    wanted = number(body(asked[-1]).get("EVTargetVoltage")) if asked else None
    if not told or wanted is None:
        return None
    last, last_v = told[-1]
    same = list(takewhile(lambda each: abs(each[1] - last_v) <= apart_v, reversed(told)))
    since_ns = max(same[-1][0].t_ns, last.t_ns - int(MOST_GAP_S * 1e9))
    return (since_ns, last, last_v, wanted) if last.t_ns - since_ns >= MOST_GAP_S * 1e9 else None
