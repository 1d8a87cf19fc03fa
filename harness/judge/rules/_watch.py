"""All rules of the suites over a whole trace or stream, and what came of each."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from harness.judge.rules._engine import Watch
from harness.judge.rules._message import Item
from harness.judge.rules._of_trace import items_of
from harness.judge.rules._registry import Row
from harness.judge.rules._tally import Place, Tally
from harness.judge.rules._weight import Weight, weight
from harness.judge.rules.v2g import V2gItem, V2gWatch, v2g_items_of
from harness.trace import Trace
from requirement_catalog import Rule, Suites


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What came of one rule with one station. One that does not `decides` is advisory and gates nothing."""

    rule: str
    statement: str
    clauses: tuple[str, ...]
    serves: tuple[str, ...]
    weight: Weight
    station: str
    exercised: int
    violated: int
    first_at: int | None
    places: tuple[Place, ...]
    errors: tuple[str, ...]

    @property
    def decides(self) -> bool:
        """Whether it was read twice and proven."""
        return self.weight == "decides"


def watch_trace(trace: Trace, suites: Suites, proven: Collection[str]) -> tuple[RuleResult, ...]:
    """Try every rule of the suites on a trace: one result for each rule and station, sorted; pure.

    A rule that was not exercised with any station has one result with an empty station. `proven`: the ids of the rules
    that were seen red and green.
    """
    return results(tallies_of(trace, suites.rules), suites.rules, proven)


def tallies_of(trace: Trace, rows: Iterable[Row]) -> tuple[Tally, ...]:
    """How each rule fared in a trace with each station in each version; pure. Rules that nobody wrote are left out."""
    known = tuple(rows)
    return (*watch(items_of(trace.whole), known).tallies, *watch_v2g(v2g_items_of(trace.whole), known).tallies)


def watch(stream: Iterable[Item], rows: Iterable[Row]) -> Watch:
    """Try rules of OCPP on a stream."""
    watching = Watch(rows)
    with _rarely_swept():
        for item in stream:
            watching.take(item)
    return watching


@contextmanager
def _rarely_swept() -> Iterator[None]:
    """Messages are many, live briefly and hold no circles: looking for such after every few hundred takes long."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def watch_v2g(stream: Iterable[V2gItem], rows: Iterable[Row]) -> V2gWatch:
    """Try rules of ISO 15118 on a stream."""
    watching = V2gWatch(rows)
    for item in stream:
        watching.take(item)
    return watching


def results(tallies: Iterable[Tally], rows: Iterable[Rule], proven: Collection[str]) -> tuple[RuleResult, ...]:
    """What came of each rule, by rule and station, over all versions that were spoken."""
    of_both: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for tally in tallies:
        of_both[tally.rule, tally.station].append(tally)
    by_id = {row.id: row for row in rows}
    found = [_result(by_id[rule], together(mine), proven) for (rule, _), mine in of_both.items()]
    seen = {each.rule for each in found}
    found += [_result(row, Tally(row.id, ""), proven) for row in by_id.values() if row.id not in seen]
    return tuple(sorted(found, key=lambda each: (each.rule, each.station)))


def together(tallies: Sequence[Tally]) -> Tally:
    """Several tallies of one rule as one; its version and station are those of the first."""
    first = tallies[0]
    if len(tallies) == 1:
        return first
    places: dict[str, Place] = {}
    for kind, place in (each for tally in tallies for each in tally.places.items()):
        before = places.get(kind)
        places[kind] = place if before is None else replace(before, times=before.times + place.times)
    return Tally(
        first.rule,
        first.station,
        first.version,
        sum(tally.exercised for tally in tallies),
        sum(tally.violated for tally in tallies),
        min((tally.first_at for tally in tallies if tally.first_at is not None), default=None),
        places,
        sorted(at for tally in tallies for at in tally.violations),
        [error for tally in tallies for error in tally.errors],
    )


def worst_first(tally: Tally) -> tuple[Place, ...]:
    """The places at which a rule was violated, the most frequent first."""
    return tuple(sorted(tally.places.values(), key=lambda place: (-place.times, place.t_ns)))


def _result(row: Rule, tally: Tally, proven: Collection[str]) -> RuleResult:
    return RuleResult(
        row.id,
        row.statement,
        row.answers_to,
        tuple(dict.fromkeys(each.criterion for each in row.serves)),
        weight(row.readings, row.id in proven, row.confidence.decides),
        tally.station,
        tally.exercised,
        tally.violated,
        tally.first_at,
        worst_first(tally),
        tuple(tally.errors),
    )
