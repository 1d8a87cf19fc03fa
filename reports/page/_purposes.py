"""The purposes under a criterion: worst first, alike results told once, each with its clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.judge import PurposeResult, Verdict
from reports._results import closest, settled, spans, under_what, worst_of
from reports._text import number
from reports._words import CONFORMANCES, VERDICTS, WORST_FIRST, VerdictWord
from reports.page._findings import Findings, RunShown

FEW = 8  # settled purposes that are laid open; more are folded
FEW_RESULTS = 150  # of a whole page: as long as there are no more, all findings are laid open
OPEN_AT_ONCE = 25  # open purposes of one criterion that are laid out; the rest is folded below them


@dataclass(frozen=True)
class Detail:
    """One result's runs with their findings, under its conditions."""

    under: str
    runs: list[RunShown]


@dataclass(frozen=True)
class Alike:
    """Results of one purpose that say the same: told once, with all their conditions."""

    word: VerdictWord
    result: PurposeResult  # the first of them
    under: str
    details: list[Detail]
    left_out: int  # results whose findings the page has no room for

    @property
    def unproven(self) -> bool:
        """Whether its check was never seen to turn red, which takes a pass or a fail its weight."""
        return not self.result.proven and self.result.verdict in (Verdict.PASS, Verdict.FAIL)

    @property
    def run_again(self) -> bool:
        """Whether it rests on a later run than the first, which its reason then speaks of."""
        return _run_again(self.result)

    @property
    def good(self) -> bool:
        """Whether there is nothing to explain: a proven pass, or not for this product."""
        return settled(self.result) and not self.result.waived


@dataclass(frozen=True)
class PurposeShown:
    """One purpose under one criterion. `elsewhere`: the criterion under which its results are laid out instead."""

    id: str
    anchor: str
    statement: str
    clauses: tuple[str, ...]
    conformance: str
    word: VerdictWord
    under: str
    measured: str
    alike: list[Alike]
    elsewhere: str = ""

    @property
    def mark(self) -> str:
        """The icon's name: what only an unproven check calls a pass wears no tick."""
        unproven = self.word.style == "pass" and any(a.unproven for a in self.alike)
        return "inconclusive" if unproven else self.word.style

    @property
    def plain(self) -> bool:
        """Whether one line says it all: the same good verdict everywhere."""
        return len(self.alike) == 1 and not self.alike[0].result.waived


@dataclass(frozen=True)
class PurposesShown:
    """All purposes of a criterion: those that are open, those that are settled, and the counts of their results."""

    open: list[PurposeShown] = field(default_factory=list)
    settled: list[PurposeShown] = field(default_factory=list)
    counts: list[tuple[VerdictWord, int]] = field(default_factory=list)
    results: int = 0
    names: str = ""  # of the settled ones, for paper
    fold: bool = False

    @property
    def many(self) -> int:
        """How many purposes."""
        return len(self.open) + len(self.settled)


class Purposes:
    """Makes the purposes of one page; remembers which anchors are given."""

    def __init__(self, findings: Findings, home: dict[str, str], results: int) -> None:
        self._findings = findings
        self._home = home
        self._anchors: set[str] = set()
        self.roomy = results <= FEW_RESULTS

    def of(self, criterion: str, results: Sequence[PurposeResult]) -> PurposesShown:
        """The purposes under a criterion ("" for those beyond the tender)."""
        by_purpose: dict[str, list[PurposeResult]] = {}
        for each in results:
            by_purpose.setdefault(each.purpose, []).append(each)
        still_open = [p for p in by_purpose.values() if not all(map(settled, p))]
        done = [p for p in by_purpose.values() if all(map(settled, p))]
        tally = [(VERDICTS[v], sum(r.verdict is v for r in results)) for v in WORST_FIRST]
        return PurposesShown(
            open=[self._purpose(criterion, p) for p in still_open],
            settled=[self._purpose(criterion, p) for p in done],
            counts=[(word, many) for word, many in tally if many],
            results=len(results),
            names=spans(p[0].purpose for p in done),
            fold=len(done) > FEW,
        )

    def _purpose(self, criterion: str, results: list[PurposeResult]) -> PurposeShown:
        own = [r for r in results if self._home[r.label] == criterion]
        first = results[0]
        anchor = ""
        if own and first.purpose not in self._anchors:
            self._anchors.add(first.purpose)
            anchor = f"p-{first.purpose}"
        return PurposeShown(
            id=first.purpose,
            anchor=anchor,
            statement=first.statement,
            clauses=first.clauses,
            conformance=CONFORMANCES[first.conformance],
            word=VERDICTS[worst_of(results)],
            under=under_what([r.conditions for r in results]),
            measured=_measured(results),
            alike=self._alike(own),
            elsewhere="" if own else self._home[first.label],
        )

    def _alike(self, results: list[PurposeResult]) -> list[Alike]:
        kinds: dict[tuple[object, ...], list[PurposeResult]] = {}
        for r in results:
            plain = settled(r) and not r.waived and not _run_again(r)
            why = "" if plain else r.why  # passes may each say it with their own numbers
            key = (r.verdict, why, r.waived, r.waiver, r.cut, r.proven, r.next_what, r.stands_in_for)
            kinds.setdefault(key, []).append(r)
        shown = []
        for kind in kinds.values():
            details = [
                Detail(str(r.conditions), runs)
                for r in kind
                if (runs := self._findings.of(r)) is not None and any(run.findings or run.how for run in runs)
            ]
            left_out = sum(self._findings.of(r) is None for r in kind)
            under = under_what([r.conditions for r in kind])
            shown.append(Alike(VERDICTS[kind[0].verdict], kind[0], under, details, left_out))
        return shown


def _run_again(result: PurposeResult) -> bool:
    return any(f.claim.run > 1 for f in result.findings)


def _measured(results: Sequence[PurposeResult]) -> str:
    """The measurement that came closest to its limit, in one line; empty where nothing was measured."""
    found = closest(f for r in results for f in r.findings)
    if found is None:
        return ""
    m = found[1]
    spread = f" ± {number(m.uncertainty, like=m.uncertainty)}" if m.uncertainty else ""
    side = str(m.sense).replace("_", " ")
    beyond = f" + {number(m.tolerance)}" if m.tolerance else ""
    held = f"{number(m.value, like=m.uncertainty)}{spread} {m.unit}, {side} {number(m.limit or 0.0)}{beyond} {m.unit}"
    return f"{m.name} {held}"
