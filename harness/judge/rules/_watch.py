"""All rules of the suites over a whole trace or stream, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.judge.rules._engine import Place, Tally, Watch
from harness.judge.rules._message import Item
from harness.judge.rules._of_trace import items_of
from harness.trace import Trace
from requirement_catalog import Rule, Suites


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What came of one rule with one station. `decides`: it was read twice; else it is advisory and gates nothing."""

    rule: str
    statement: str
    clauses: tuple[str, ...]
    serves: tuple[str, ...]
    decides: bool
    station: str
    exercised: int
    violated: int
    first_at: int | None
    places: tuple[Place, ...]
    errors: tuple[str, ...]


def watch_trace(trace: Trace, suites: Suites) -> tuple[RuleResult, ...]:
    """Try every rule of the suites on a trace: one result for each rule and station, sorted; pure.

    A rule that was not exercised with any station has one result with an empty station.
    """
    return results(watch(items_of(trace.whole), suites.rules))


def watch(stream: Iterable[Item], rows: Iterable[Rule]) -> Watch:
    """Try rules on a stream."""
    watching = Watch(rows)
    for item in stream:
        watching.take(item)
    return watching


def results(watching: Watch) -> tuple[RuleResult, ...]:
    """What came of each rule, by rule and station."""
    found = [_result(watching.rows[tally.rule], tally) for tally in watching.tallies.values()]
    seen = {each.rule for each in found}
    found += [_result(row, Tally(row.id, "")) for row in watching.rows.values() if row.id not in seen]
    return tuple(sorted(found, key=lambda each: (each.rule, each.station)))


def _result(row: Rule, tally: Tally) -> RuleResult:
    return RuleResult(
        row.id,
        row.statement,
        row.answers_to,
        tuple(dict.fromkeys(each.criterion for each in row.serves)),
        row.readings > 1,
        tally.station,
        tally.exercised,
        tally.violated,
        tally.first_at,
        tuple(sorted(tally.places.values(), key=lambda place: (-place.times, place.t_ns))),
        tuple(tally.errors),
    )
