"""The status light: on exactly while power flows to the grid, and unlike every other state's light."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, unseen
from harness.judge._series import Point, series
from harness.trace import Event, Trace

_CLAUSE = "D5.4 no. 18"


@dataclass(frozen=True)
class Look:
    """What the light looked like: a colour's name and a pattern."""

    colour: str
    pattern: str

    def __str__(self) -> str:
        return self.colour if self.pattern in ("steady", "") else f"{self.pattern} {self.colour}"


def looks(trace: Trace, until: int) -> list[tuple[Event, Look]]:
    """The light's readings up to an event, whoever gave them (sensor or person)."""
    return [
        (e, Look(str(e.data["values"].get("colour", "?")), str(e.data["values"].get("pattern", ""))))
        for e in trace
        if e.kind == "bench.sample" and e.who == "bench.light" and e.seq <= until
    ]


def _usual(seen: list[tuple[Event, Look]]) -> Look:
    counts: dict[Look, int] = {}
    for _, look in seen:
        counts[look] = counts.get(look, 0) + 1
    return max(counts, key=lambda look: counts[look])


def _spans(points: list[Point], threshold_w: float, exporting: bool) -> list[tuple[int, int]]:
    """Stretches of time during which power went to the grid (or did not)."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for point in points:
        inside = (point.value < -threshold_w) if exporting else (point.value > -threshold_w / 2)
        if inside and start is None:
            start = point.t_ns
        elif not inside and start is not None:
            spans.append((start, point.t_ns))
            start = None
    if start is not None:
        spans.append((start, points[-1].t_ns))
    return spans


def export_look(trace: Trace, claim: Claim, limits: Limits) -> tuple[Look, list[tuple[int, int]]] | None:
    """The light's usual look while power went to the grid, once it had time to follow; and those stretches."""
    threshold_w, follow_ns = limits["light.export_power"].value, int(limits["light.follow_time"].value * 1e9)
    points = [p for p in series(trace, "p_w") if p.seq <= claim.seq]
    spans = [s for s in _spans(points, threshold_w, True) if s[1] - s[0] > follow_ns + 500_000_000]
    inside = [(e, look) for e, look in looks(trace, claim.seq) if any(a + follow_ns <= e.t_ns <= b for a, b in spans)]
    return (_usual(inside), spans) if inside else None


@judge("light.shows_export")
def shows_export(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """While power flows to the grid the light has one look, taken on within light.follow_time and kept to the end."""
    limit = limits["light.follow_time"]
    expected = f"the light shows the discharge within {limit.value:g} {limit.unit}, and as long as it lasts"
    known = export_look(trace, claim, limits)
    if known is None:
        return unseen(expected, "no stretch of export was long enough, or the light was not read", acted="ev")
    look, spans = known
    others = {x for e, x in looks(trace, claim.seq) if not any(a <= e.t_ns <= b for a, b in spans)}
    worst_s, evidence = 0.0, None
    for start, end in spans:
        # the light may go out a little before the last 100 W are gone: that is the end, not a failure to follow
        until = end - int(limit.value * 1e9)
        wrong = [e for e, x in looks(trace, claim.seq) if start <= e.t_ns <= until and x != look]
        if wrong and (wrong[-1].t_ns - start) / 1e9 > worst_s:
            worst_s, evidence = (wrong[-1].t_ns - start) / 1e9, wrong[-1]
    if look in others and not _only_around(trace, claim, look, spans, limit.value):
        return holds(False, expected, f"the light is {look} while exporting, as it also is at other times", evidence)
    verdict, measured = held_against("time to follow", worst_s, limit, at_ns=evidence.t_ns if evidence else None)
    text = f"{look} in {len(spans)} stretch(es) of export, at the latest after {worst_s:.2f} s"
    return found(verdict, expected, text, evidence, clause=_CLAUSE, measurements=[measured])


def _only_around(trace: Trace, claim: Claim, look: Look, spans: list[tuple[int, int]], follow_s: float) -> bool:
    slack = int(follow_s * 1e9)
    return all(any(a - slack <= e.t_ns <= b + slack for a, b in spans) for e, x in looks(trace, claim.seq) if x == look)


@judge("light.silent_otherwise")
def silent_otherwise(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """While no power flows to the grid the light does not have the look of export, from light.follow_time on."""
    limit = limits["light.follow_time"]
    expected = f"the light stops showing a discharge within {limit.value:g} {limit.unit} of its end"
    known = export_look(trace, claim, limits)
    if known is None:
        return unseen(expected, "no stretch of export was long enough, or the light was not read", acted="ev")
    look, spans = known
    points = [p for p in series(trace, "p_w") if p.seq <= claim.seq]
    quiet = _spans(points, limits["light.export_power"].value, False)
    worst_s, evidence = 0.0, None
    for start, end in quiet:
        wrong = [e for e, x in looks(trace, claim.seq) if start <= e.t_ns <= end and x == look]
        if wrong and (wrong[-1].t_ns - start) / 1e9 > worst_s:
            worst_s, evidence = (wrong[-1].t_ns - start) / 1e9, wrong[-1]
    if not quiet or not spans:
        return unseen(expected, "there was no time without export", acted="ev")
    verdict, measured = held_against("time it still showed export", worst_s, limit)
    text = f"{look} for at most {worst_s:.2f} s after the power had ceased to flow to the grid"
    return found(verdict, expected, text, evidence, clause=_CLAUSE, measurements=[measured])


@judge("light.distinct")
def distinct(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The look during export differs from the usual look in every other state seen: free, plugged, charging."""
    expected = "the light during a discharge differs from the light in every other state"
    known = export_look(trace, claim, limits)
    if known is None:
        return unseen(expected, "no stretch of export was long enough, or the light was not read", acted="ev")
    look, spans = known
    follow_ns = int(limits["light.follow_time"].value * 1e9)
    states: dict[str, list[tuple[Event, Look]]] = {}
    points = [p for p in series(trace, "p_w") if p.seq <= claim.seq]
    threshold = limits["light.export_power"].value
    charging = _stretches(points, threshold)
    for event, seen in looks(trace, claim.seq):
        if any(a <= event.t_ns <= b + follow_ns for a, b in spans):
            continue
        in_charge = any(a + follow_ns <= event.t_ns <= b for a, b in charging)
        idle = not any(a <= event.t_ns <= b + follow_ns for a, b in charging)
        if in_charge or idle:
            states.setdefault("charging" if in_charge else "not charging", []).append((event, seen))
    if "charging" not in states:
        return unseen(
            expected, "the light was not seen while the car charged, so there is nothing to compare", acted="ev"
        )
    same = {name: [e for e, x in seen if x == look] for name, seen in states.items()}
    clash = {name: events for name, events in same.items() if events}
    others = ", ".join(f"{_usual(seen)} when {name}" for name, seen in states.items())
    text = f"{look} while discharging; {others}"
    evidence = next(iter(clash.values()))[0] if clash else None
    return found(Verdict.FAIL if clash else Verdict.PASS, expected, text, evidence, clause=_CLAUSE)


def _stretches(points: list[Point], threshold_w: float) -> list[tuple[int, int]]:
    flipped = [Point(p.t_ns, -p.value, p.uncertainty, p.seq) for p in points]
    return _spans(flipped, threshold_w, True)
