"""The status light: on exactly while power flows to the grid, and unlike every other state's light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.judge._core import Claim, Finding, Limits, Measurement, ResolvedLimit, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import MOST_GAP_S, Point, series
from harness.judge.bench._looks import (
    Followed,
    Look,
    Seen,
    Span,
    follows,
    inside,
    is_sparse,
    longest_run_s,
    looks,
    outside,
    usual,
)
from harness.trace import Trace
from requirement_catalog import own_ns

_BEHIND_NS = own_ns("light.behind")
_CLAUSE = "D5.4 no. 18"
_NO_EXPORT = "no stretch of export was long enough, or the light was not read"


@dataclass(frozen=True)
class _Stretch:
    """Readings from place `first` to before place `end` in which a bound was kept; `silent`: then the meter was."""

    first: int
    end: int
    silent: bool


def spans(trace: Trace, claim: Claim, low_w: float, high_w: float) -> list[Span]:
    """Stretches up to a claim in which the meter's power, with its uncertainty, lies in [low, high].

    A silence of the meter ends one.
    """
    whole = series(trace.whole, "p_w")
    stretches = trace.once(("stretches", low_w, high_w), lambda: _stretches(whole, low_w, high_w))
    points = series(trace.up_to(claim.seq), "p_w")
    if not points or points[0] != whole[0]:
        whole, stretches = points, _stretches(points, low_w, high_w)
    count, found_ = len(points), []
    for each in stretches:
        if each.first >= count:
            break
        closed = each.end < count and not each.silent
        found_.append(Span(whole[each.first].t_ns, whole[min(each.end, count) - 1].t_ns, closed=closed))
    return found_


def _stretches(points: Sequence[Point], low_w: float, high_w: float) -> list[_Stretch]:
    stretches: list[_Stretch] = []
    start: int | None = None
    before: Point | None = None
    for n, point in enumerate(points):
        silent = before is not None and point.t_ns - before.t_ns > MOST_GAP_S * 1e9
        within = low_w <= point.value - point.uncertainty and point.value + point.uncertainty <= high_w
        if start is not None and (silent or not within):
            stretches.append(_Stretch(start, n, silent))
            start = None
        if within and start is None:
            start = n
        before = point
    if start is not None:
        stretches.append(_Stretch(start, len(points), silent=False))
    return stretches


def export_look(trace: Trace, claim: Claim, limits: Limits) -> tuple[Look, list[Span]] | None:
    """The light's usual look while power went to the grid, once it had time to follow; and those stretches."""
    threshold_w, follow_ns = limits["export"].value, int(limits["follow"].value * 1e9)
    exports = spans(trace, claim, float("-inf"), -threshold_w)
    long = [s for s in exports if s.length_ns > follow_ns + own_ns("light.export_lasts")]
    seen = looks(trace, claim.seq)
    readings = [x for s in long for x in inside(seen, s.from_ns + follow_ns, s.to_ns)]
    return (usual(readings), long) if readings else None


@judge("light.shows_export", reads=("light", "meter"))
def shows_export(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """While power flows to the grid the light has one look, taken on within the follow time and kept to the end."""
    limit = limits["follow"]
    expected = f"the light shows the discharge within {limit.value:g} {limit.unit}, and as long as it lasts"
    known = export_look(trace, claim, limits)
    if known is None:
        return unseen(expected, _NO_EXPORT, acted="ev")
    look, long = known
    readings = looks(trace, claim.seq)
    follow_ns = int(limit.value * 1e9)
    apart = outside(readings, [(s.from_ns - follow_ns, s.to_ns + follow_ns) for s in long])
    if apart and usual(apart) == look:
        seen = f"the light is {look} while exporting, as it also is at other times: it shows nothing"
        return holds(False, expected, seen, apart[0].event, clause=_CLAUSE)
    each = _followed(trace, readings, long, look, follow_ns, shown=True)
    verdict, measured, worst = _held("time to follow", each, limit, is_sparse(readings))
    text = f"{look} in {len(long)} stretch(es) of export, at the latest after {worst.said()}"
    if verdict is Verdict.PASS and any(f.ahead for f in each):
        verdict, text = Verdict.INCONCLUSIVE, f"{text}; but it went out before the power had ceased to flow"
    return found(verdict, expected, text, worst.event, clause=_CLAUSE, measurements=[measured])


@judge("light.silent_otherwise", reads=("light", "meter"))
def silent_otherwise(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """While no power flows to the grid the light does not have the look of export, from the follow time on."""
    limit = limits["follow"]
    expected = f"the light stops showing a discharge within {limit.value:g} {limit.unit} of its end"
    known = export_look(trace, claim, limits)
    if known is None:
        return unseen(expected, _NO_EXPORT, acted="ev")
    look, _ = known
    readings, follow_ns = looks(trace, claim.seq), int(limit.value * 1e9)
    threshold_w = limits["export"].value
    quiet = [s for s in spans(trace, claim, -threshold_w, float("inf")) if s.length_ns > follow_ns]
    each = _followed(trace, readings, quiet, look, follow_ns, shown=False)
    each = [f for f in each if f.seen]
    if not each:
        return unseen(expected, "there was no time without export", acted="ev")
    verdict, measured, worst = _held("time it still showed export", each, limit, is_sparse(readings))
    text = f"{look} for at most {worst.said()} after the power had ceased to flow to the grid"
    if verdict is Verdict.PASS and any(f.ahead for f in each):
        verdict, text = Verdict.INCONCLUSIVE, f"{text}; but also before power flowed to the grid"
    return found(verdict, expected, text, worst.event, clause=_CLAUSE, measurements=[measured])


def _followed(
    trace: Trace, readings: list[Seen], stretches: list[Span], look: Look, follow_ns: int, *, shown: bool
) -> list[Followed]:
    """How the light followed in each stretch; one that lies well behind is looked at once for all claims."""
    each = []
    for span in stretches:

        def find(span: Span = span) -> Followed:
            return follows(readings, span, lambda x: (x == look) is shown, follow_ns)

        behind = span.closed and readings and readings[-1].t_ns - span.to_ns > _BEHIND_NS
        each.append(trace.once(("followed", span, look, follow_ns, shown), find) if behind else find())
    return each


def _held(name: str, each: list[Followed], limit: ResolvedLimit, sparse: bool) -> tuple[Verdict, Measurement, Followed]:
    """The slowest of several, held against the limit; who looks but now and then is asked only for what he saw."""
    worst = max(each, key=lambda f: (f.earliest_s if sparse or f.latest_s is None else f.latest_s, f.earliest_s))
    at_ns = worst.event.t_ns if worst.event is not None else None
    if sparse:
        verdict, measured = held_against(name, worst.earliest_s, limit, at_ns=at_ns)
    elif worst.latest_s is None:
        verdict, measured = held_against(name, worst.earliest_s, limit, at_ns=at_ns)
        verdict = verdict if verdict is Verdict.FAIL else Verdict.INCONCLUSIVE
    else:
        middle, half = (worst.latest_s + worst.earliest_s) / 2, (worst.latest_s - worst.earliest_s) / 2
        verdict, measured = held_against(name, middle, limit, uncertainty=half, at_ns=at_ns)
        if verdict is Verdict.PASS and any(f.gap_s > MOST_GAP_S for f in each):
            verdict = Verdict.INCONCLUSIVE
    return verdict, measured, worst


@judge("light.distinct", reads=("light", "meter"))
def distinct(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The look during export differs from the usual look in every other state seen: free, plugged, charging."""
    expected = "the light during a discharge differs from the light in every other state"
    known = export_look(trace, claim, limits)
    if known is None:
        return unseen(expected, _NO_EXPORT, acted="ev")
    look, _ = known
    follow_s = limits["follow"].value
    states = _by_state(trace, claim, limits)
    if "charging" not in states:
        return unseen(
            expected, "the light was not seen while the car charged, so there is nothing to compare", acted="ev"
        )
    others = ", ".join(f"{usual(seen)} when {name}" for name, seen in states.items())
    text = f"{look} while discharging; {others}"
    for seen in states.values():
        if usual(seen) == look or longest_run_s(seen, look) > follow_s:
            same = next(x for x in seen if x.look == look)
            return found(Verdict.FAIL, expected, text, same.event, clause=_CLAUSE)
    return found(Verdict.PASS, expected, text, clause=_CLAUSE)


def _by_state(trace: Trace, claim: Claim, limits: Limits) -> dict[str, list[Seen]]:
    """The light's readings while the car charged and while nothing flowed, away from the borders between them."""
    threshold_w, follow_ns = limits["export"].value, int(limits["follow"].value * 1e9)
    readings = looks(trace, claim.seq)
    states = {
        "charging": spans(trace, claim, threshold_w, float("inf")),
        "not charging": spans(trace, claim, -threshold_w, threshold_w),
    }
    found_ = {
        name: [x for s in stretches for x in inside(readings, s.from_ns + follow_ns, s.to_ns)]
        for name, stretches in states.items()
    }
    return {name: seen for name, seen in found_.items() if seen}
