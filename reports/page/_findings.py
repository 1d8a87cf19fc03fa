"""Findings as the page shows them, within one room for the page: what is open first, passes while there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from harness.judge import Finding, FindingResult, PurposeResult, Verdict
from reports._evidence_line import EvidenceLine, Excerpts
from reports._results import Hung, settled
from reports._text import WallClock
from reports._view import EvidenceView
from reports._words import VERDICTS, VerdictWord
from reports.page._gauge import gauge

DETAIL_BYTES = 2_200_000  # of findings in full; beyond it a result is its line, and its findings stand in the bundle


@dataclass(frozen=True)
class FindingShown:
    """One finding with its evidence lines and gauges."""

    claim: Any
    finding: Finding
    word: VerdictWord
    when: str
    lines: list[EvidenceLine]
    left_out: int
    gauges: list[Markup]

    @property
    def bytes(self) -> int:
        """About how much of the page it takes."""
        told = self.finding
        text = len(told.seen) + len(told.expected) + len(told.clause) + len(self.claim.case) + len(self.claim.judge)
        lines = sum(150 + len(line.what) + len(line.excerpt) for line in self.lines)
        return 600 + text + 1200 * len(told.measurements) + lines


@dataclass(frozen=True)
class RunShown:
    """One run of the case that a result came from: its number, when it began, how it ended, what it claimed."""

    number: int
    of: int
    began: str
    how: str  # empty when it ran to its end
    findings: list[FindingShown]


class Findings:
    """Makes findings into what is shown; remembers the runs of each case."""

    def __init__(self, view: EvidenceView, hang: Hung) -> None:
        self._excerpts = Excerpts(view)
        self._clock = WallClock(view.trace)
        self._runs = _runs(view, self._clock)
        self._details: dict[str, list[RunShown]] = {}
        left = DETAIL_BYTES
        for each in _by_weight(view.result.purposes, hang):
            if left <= 0:
                break
            runs = self._runs_of(each)
            left -= sum(f.bytes for run in runs for f in run.findings)
            self._details[each.label] = runs

    def of(self, result: PurposeResult) -> list[RunShown] | None:
        """The runs that a result comes from with their findings; None where the page has no room for them."""
        return self._details.get(result.label)

    def shown(self, findings: Sequence[FindingResult]) -> list[FindingShown]:
        """Findings in full."""
        return [self._one(each) for each in findings]

    def _runs_of(self, result: PurposeResult) -> list[RunShown]:
        known = self._runs.get(result.case, {})
        numbers = sorted(
            {f.claim.run for f in result.findings} | (set(known) if result.cut or len(known) > 1 else set())
        )
        shown = []
        for number in numbers or [1]:
            began, how = known.get(number, ("", ""))
            mine = [f for f in result.findings if f.claim.run == number]
            shown.append(RunShown(number, max(len(known), len(numbers)), began, how, self.shown(mine)))
        return shown

    def _one(self, found: FindingResult) -> FindingShown:
        lines, left_out = self._excerpts.of(found.finding.events)
        return FindingShown(
            claim=found.claim,
            finding=found.finding,
            word=VERDICTS[found.finding.verdict],
            when=self._clock.text(found.finding.at_ns),
            lines=lines,
            left_out=left_out,
            gauges=[gauge(m) for m in found.finding.measurements],
        )


def _by_weight(results: Sequence[PurposeResult], hang: Hung) -> Iterator[PurposeResult]:
    """What holds the decision up comes first, one of a kind before its likes; passes come last."""
    kinds: set[tuple[str, str, str]] = set()
    weighed = []
    for n, each in enumerate(results):
        kind = (each.purpose, str(each.verdict), each.why)
        again = kind in kinds
        kinds.add(kind)
        good = each.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)
        weighed.append((settled(each), good, again, each.label not in hang.holding_up, n, each))
    for *_, each in sorted(weighed, key=lambda w: w[:5]):
        yield each


def _runs(view: EvidenceView, clock: WallClock) -> dict[str, dict[int, tuple[str, str]]]:
    """By case and number of its run: when it began, and how it ended where that was not its end."""
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for event in view.trace:
        if event.kind == "case.started" and event.case:
            runs = found.setdefault(event.case, {})
            runs[len(runs) + 1] = (clock.text(event.t_ns)[:8], "it never ended")
        elif event.kind == "case.ended" and event.case in found:
            runs = found[event.case]
            outcome = str(event.data.get("outcome", ""))
            detail = str(event.data.get("detail") or outcome.replace("_", " "))
            runs[len(runs)] = (runs[len(runs)][0], "" if outcome in ("completed", "ended") else detail)
    return found
