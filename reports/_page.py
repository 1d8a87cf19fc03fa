"""The report's content, prepared for the templates: everything is decided here, the templates only lay it out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from harness.judge import CriterionResult, Finding, FindingResult, RequirementResult, Verdict
from harness.plan import PlannedCriterion
from reports._caveats import Caveat, caveats, reported
from reports._evidence_line import EvidenceLine, Excerpts
from reports._gauge import gauge
from reports._plot import draw, panels
from reports._text import WallClock, counted
from reports._timeline import Samples, Timeline, timelines
from reports._view import EvidenceView
from reports._words import VERDICTS, VerdictWord, family


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


@dataclass(frozen=True)
class CriterionShown:
    """One criterion with what the plan knew of it."""

    result: CriterionResult
    word: VerdictWord
    planned: PlannedCriterion | None
    findings: list[FindingShown]

    @property
    def why_is_a_finding(self) -> bool:
        """Whether the reason only repeats what a finding says."""
        return self.result.why in {f.finding.seen for f in self.findings}

    @property
    def open(self) -> bool:
        """Whether its evidence is unfolded at once: for everything that gates and is not a pass."""
        return self.result.gates and self.result.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class PlotShown:
    """A timeline with its drawing."""

    line: Timeline
    svg: Markup
    anchor: str
    first: bool  # the first one explains how to read them all

    @property
    def measured(self) -> list[Samples]:
        """The measured series that are drawn."""
        return [panel.measured for panel in panels(self.line)]


@dataclass(frozen=True)
class RequirementShown:
    """One requirement: heading, criteria, plots, and those of its plots that stand elsewhere."""

    result: RequirementResult
    word: VerdictWord
    family: str
    criteria: list[CriterionShown]
    plots: list[PlotShown] = field(default_factory=list)
    see_also: list[PlotShown] = field(default_factory=list)


@dataclass(frozen=True)
class Cause:
    """Reasons for HOLD that have the same cause and the same next step; shown once, with all their criteria."""

    verdict: Verdict
    why: str
    what: str
    criteria: list[str]


@dataclass(frozen=True)
class Decision:
    """The decision in one word and one sentence."""

    word: str  # "GO", "HOLD" or "PARTIAL GO"
    style: str  # "go", "hold" or "partial"
    sentence: str


@dataclass(frozen=True)
class Page:
    """All that the templates may show."""

    view: EvidenceView
    decision: Decision
    reported: dict[str, str]
    reasons: list[tuple[str, list[Cause]]]  # grouped by who must act
    caveats: list[Caveat]
    requirements: list[RequirementShown]
    untested: list[CriterionShown]
    counts: list[tuple[VerdictWord, int]]
    attachments: list[tuple[str, int, str]]
    started: str
    ended: str
    duration_s: float
    words: dict[Verdict, VerdictWord]


def page(view: EvidenceView) -> Page:
    """Prepare everything. Pure but for the reading that `load` has already done."""
    clock = WallClock(view.trace)
    excerpts = Excerpts(view)
    planned = {c.id: c for c in view.plan.criteria}
    requirements = [_requirement(r, planned, excerpts, clock) for r in view.result.requirements]
    _place_plots(view, requirements)
    events = view.trace
    return Page(
        view=view,
        decision=_decision(view),
        reported=reported(view),
        reasons=_by_actor(view),
        caveats=caveats(view),
        requirements=requirements,
        untested=[c for r in requirements for c in r.criteria if _untested(c)],
        counts=[(word, view.result.counts.get(str(v), 0)) for v, word in VERDICTS.items()],
        attachments=[(n, len(raw), hashlib.sha256(raw).hexdigest()) for n, raw in sorted(view.attachments.items())],
        started=_moment(clock, events[0].t_ns if len(events) else None),
        ended=_moment(clock, events[-1].t_ns if len(events) else None),
        duration_s=(events[-1].t_ns - events[0].t_ns) / 1e9 if len(events) else 0.0,
        words=VERDICTS,
    )


def _moment(clock: WallClock, t_ns: int | None) -> str:
    return f"{clock.day(t_ns)}, {clock.text(t_ns)[:8]} UTC" if clock.at(t_ns) is not None else ""


def _decision(view: EvidenceView) -> Decision:
    result = view.result
    gating = sum(result.counts.values())
    if result.decision != "GO":
        many = counted(len(result.reasons), "point is", "points are")
        return Decision("HOLD", "hold", f"Do not put it into service yet: {many} not settled.")
    if result.partial:
        return Decision(
            "PARTIAL GO",
            "partial",
            f"The selected requirements hold ({', '.join(view.plan.selection) or 'a selection'}). "
            "This is not a decision for the whole tender.",
        )
    waived = sum(c.waived for r in result.requirements for c in r.criteria)
    excused = f", {waived} of them by a signed waiver" if waived else ""
    applicable = gating - result.counts.get("not_applicable", 0)
    return Decision(
        "GO",
        "go",
        f"All {applicable} mandatory criteria that apply before go-live are settled{excused}."
        if waived
        else f"All {applicable} mandatory criteria that apply before go-live are proven.",
    )


def _by_actor(view: EvidenceView) -> list[tuple[str, list[Cause]]]:
    groups: dict[str, dict[tuple[Verdict, str, str], Cause]] = {}
    for r in view.result.reasons:
        causes = groups.setdefault(r.who or "nobody named", {})
        cause = causes.setdefault((r.verdict, r.why, r.what), Cause(r.verdict, r.why, r.what, []))
        cause.criteria.append(r.criterion)
    return [(who, list(causes.values())) for who, causes in groups.items()]


def _requirement(
    result: RequirementResult, planned: dict[str, PlannedCriterion], excerpts: Excerpts, clock: WallClock
) -> RequirementShown:
    return RequirementShown(
        result=result,
        word=VERDICTS[result.verdict],
        family=family(result.id),
        criteria=[
            CriterionShown(
                result=c,
                word=VERDICTS[c.verdict],
                planned=planned.get(c.id),
                findings=[_finding(f, excerpts, clock) for f in c.findings],
            )
            for c in result.criteria
        ],
    )


def _finding(found: FindingResult, excerpts: Excerpts, clock: WallClock) -> FindingShown:
    lines, left_out = excerpts.of(found.finding.events)
    return FindingShown(
        claim=found.claim,
        finding=found.finding,
        word=VERDICTS[found.finding.verdict],
        when=clock.text(found.finding.at_ns),
        lines=lines,
        left_out=left_out,
        gauges=[gauge(m) for m in found.finding.measurements],
    )


def _place_plots(view: EvidenceView, requirements: list[RequirementShown]) -> None:
    """A case's plot stands with the first requirement that it verifies; the others point to it."""
    verifies = {case.id: case.criteria for case in view.plan.cases}
    for n, line in enumerate(timelines(view)):
        shown = PlotShown(line, draw(line), f"plot-{n}", first=n == 0)
        judged = {c.claim.criterion for c in line.checks} | set(verifies.get(line.case, ()))
        homes = [r for r in requirements if any(c.result.id in judged for c in r.criteria)]
        for home in homes[:1]:
            home.plots.append(shown)
        for other in homes[1:]:
            other.see_also.append(shown)


def _untested(criterion: CriterionShown) -> bool:
    result = criterion.result
    return not result.findings and result.verdict is not Verdict.PASS
