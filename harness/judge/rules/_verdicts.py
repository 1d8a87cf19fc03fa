"""What came of the rules over a log, as it leaves the program: by station, worst first, and by rule. It says no GO."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from harness.judge.rules._tally import Place
from harness.judge.rules._watch import RuleResult
from harness.judge.rules._weight import ADVISORY

SCHEMA = "chargeproof/log-verdicts/1"


class FaultPlace(msgspec.Struct, frozen=True):
    """One kind of place at which a rule was violated: what was seen, where first, and how often."""

    seen: str
    where: tuple[str, ...]
    time: str
    frame: str
    times: int


class Fault(msgspec.Struct, frozen=True):
    """A rule that a station violated. `advisory`: it decides nothing alone, `advisory_because` of what."""

    rule: str
    statement: str
    clauses: tuple[str, ...]
    advisory: bool
    exercised: int
    violated: int
    places: tuple[FaultPlace, ...]
    advisory_because: str = ""


class StationVerdict(msgspec.Struct, frozen=True):
    """One station: how many obligations were exercised, how many of them it broke, and which."""

    station: str
    versions: tuple[str, ...]
    rules_exercised: int
    rules_violated: int
    faults: tuple[Fault, ...]


class RuleVerdict(msgspec.Struct, frozen=True):
    """One rule over all stations; `outcome` is "violated", "held", "not exercised" or "error" (a fault of ours)."""

    rule: str
    statement: str
    clauses: tuple[str, ...]
    advisory: bool
    outcome: str
    exercised: int
    violated: int
    stations: int
    errors: tuple[str, ...] = ()
    advisory_because: str = ""


class LogFile(msgspec.Struct, frozen=True):
    """A file that was read, and as what."""

    name: str
    format: str


class SkippedLine(msgspec.Struct, frozen=True):
    """A line that could not be read."""

    where: str
    why: str


class LadderRung(msgspec.Struct, frozen=True):
    """One line of a session: when, where, who, what, what it told, and how often in a row."""

    time: str
    where: str
    by: str
    what: str
    told: str
    times: int


class SessionShown(msgspec.Struct, frozen=True):
    """One session between car and charger, as people read it. `more`: lines that are not shown."""

    session: int
    station: str
    protocol: str
    ladder: tuple[LadderRung, ...]
    more: int = 0


class LogVerdicts(msgspec.Struct, frozen=True):
    """Everything that was found in a log of OCPP, or in a capture of ISO 15118 (`of`)."""

    files: tuple[LogFile, ...]
    messages: int
    first: str
    last: str
    skipped: int
    skipped_lines: tuple[SkippedLine, ...]
    left_alone: dict[str, int]
    notes: tuple[str, ...]
    stations: tuple[StationVerdict, ...]
    rules: tuple[RuleVerdict, ...]
    schema: str = SCHEMA
    of: str = "OCPP"
    sessions: tuple[SessionShown, ...] = ()
    encrypted: int = 0

    @property
    def exercised(self) -> int:
        """How many rules were exercised."""
        return sum(1 for rule in self.rules if rule.exercised)

    @property
    def violated(self) -> int:
        """How many rules were violated."""
        return sum(1 for rule in self.rules if rule.violated)

    @property
    def decided(self) -> int:
        """How many of the violated rules decide; the others are advisory."""
        return sum(1 for rule in self.rules if rule.violated and not rule.advisory)


def stations_of(
    results: Iterable[RuleResult], spoken: dict[str, set[str]], place: Callable[[int], str]
) -> tuple[StationVerdict, ...]:
    """The stations, worst first; `place` tells where a message stands, `spoken` what each station speaks."""
    by_station: dict[str, list[RuleResult]] = {station: [] for station in spoken}
    for result in results:
        if result.station:
            by_station.setdefault(result.station, []).append(result)
    found = []
    for station, mine in by_station.items():
        faults = sorted((r for r in mine if r.violated), key=lambda r: (-r.violated, r.rule))
        found.append(
            StationVerdict(
                station,
                tuple(sorted(spoken.get(station, ()))),
                sum(1 for r in mine if r.exercised),
                len(faults),
                tuple(_fault(r, place) for r in faults),
            )
        )
    return tuple(sorted(found, key=lambda s: (-s.rules_violated, -sum(f.violated for f in s.faults), s.station)))


def rules_of(results: Iterable[RuleResult]) -> tuple[RuleVerdict, ...]:
    """Each rule over all stations: the violated ones first."""
    by_rule: dict[str, list[RuleResult]] = {}
    for result in results:
        by_rule.setdefault(result.rule, []).append(result)
    found = [_rule(some) for some in by_rule.values()]
    order = {"violated": 0, "error": 1, "held": 2, "not exercised": 3}
    return tuple(sorted(found, key=lambda r: (order[r.outcome], -r.violated, r.rule)))


def _rule(results: list[RuleResult]) -> RuleVerdict:
    exercised, violated = sum(r.exercised for r in results), sum(r.violated for r in results)
    errors = tuple(e for r in results for e in r.errors)[:5]
    outcome = "violated" if violated else "error" if errors else "held" if exercised else "not exercised"
    first, stations = results[0], sum(1 for r in results if r.violated)
    return RuleVerdict(
        first.rule,
        first.statement,
        first.clauses,
        not first.decides,
        outcome,
        exercised,
        violated,
        stations,
        errors,
        ADVISORY[first.weight],
    )


def _fault(result: RuleResult, place: Callable[[int], str]) -> Fault:
    places = tuple(_place(each, place) for each in result.places)
    return Fault(
        result.rule,
        result.statement,
        result.clauses,
        not result.decides,
        result.exercised,
        result.violated,
        places,
        ADVISORY[result.weight],
    )


def _place(found: Place, place: Callable[[int], str]) -> FaultPlace:
    return FaultPlace(
        _shown(found.seen),
        tuple(place(at) for at in found.at),
        time_of(found.utc_ns),
        _shown(found.frame),
        found.times,
    )


def _shown(text: str) -> str:
    """A station's text as something that can be written down: what is no character is shown by its number."""
    return text.encode("utf-8", "backslashreplace").decode()


def time_of(utc_ns: int | None) -> str:
    """A moment in RFC 3339; empty where there is none."""
    if utc_ns is None:
        return ""
    read = datetime.fromtimestamp(utc_ns // 10**9, UTC).replace(microsecond=utc_ns % 10**9 // 1000)
    return read.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def named(counts: Counter[str]) -> dict[str, int]:
    """Counts by name, in order of names."""
    return dict(sorted(counts.items()))
