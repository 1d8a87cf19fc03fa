"""The report's content, prepared for the templates: everything is decided here, the templates only lay it out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from harness.judge import CriterionResult, RequirementResult, Verdict
from harness.plan import PlannedCriterion
from reports._results import Hung, hung, settled
from reports._text import WallClock
from reports._view import EvidenceView
from reports._words import DEPTHS, VERDICTS, VerdictWord, family
from reports.page._caveats import caveats
from reports.page._coverage import Coverage, coverage
from reports.page._decision import Cause, Decision, by_actor, decision
from reports.page._findings import Findings, FindingShown
from reports.page._glossary import Glossary, glossary
from reports.page._plots import PlotShown, place_plots
from reports.page._purposes import Purposes, PurposesShown
from reports.page._rests import Caveat
from reports.page._rules import RulesShown, rules_shown, serving
from reports.page._tender import Change, changes, summary
from reports.page._tested import Fact, facts, headline


@dataclass(frozen=True)
class CriterionShown:
    """One criterion with what the plan knew of it, its purposes, and its own findings (papers, logs)."""

    result: CriterionResult
    word: VerdictWord
    planned: PlannedCriterion | None
    findings: list[FindingShown]
    purposes: PurposesShown
    rules: RulesShown

    @property
    def why_is_told(self) -> bool:
        """Whether the reason only repeats what a finding or a purpose says, or that all of them hold."""
        if self.result.verdict is Verdict.PASS and self.purposes.many and not self.result.findings:
            return True
        if self.result.rules and self.result.verdict is not Verdict.PASS:
            return False
        told = {f.finding.seen for f in self.findings}
        told |= {a.result.why for p in (*self.purposes.open, *self.purposes.settled) for a in p.alike}
        return self.result.why in told

    @property
    def settled(self) -> bool:
        """Whether nobody has to act on it, before go-live or after."""
        return settled(self.result)

    @property
    def open(self) -> bool:
        """Whether its evidence is unfolded at once: for everything that gates and is not settled."""
        return self.result.gates and not settled(self.result)


@dataclass(frozen=True)
class RequirementShown:
    """One requirement: heading, criteria, plots, and those of its plots that stand elsewhere."""

    result: RequirementResult
    word: VerdictWord
    family: str
    criteria: list[CriterionShown]
    plots: list[PlotShown] = field(default_factory=list)
    see_also: list[PlotShown] = field(default_factory=list)

    @property
    def results(self) -> int:
        """How many results of purposes stand under it."""
        return sum(c.purposes.results for c in self.criteria)


@dataclass(frozen=True)
class Page:
    """All that the templates may show."""

    view: EvidenceView
    unsound: str  # in capitals: that the evidence does not hold or was not checked; empty otherwise
    decision: Decision
    maker: str
    model: str
    facts: list[Fact]
    changes: list[Change]  # of the tender, what eases it first
    changed: str  # the same in one line
    depth: tuple[str, str]
    coverage: Coverage
    reasons: list[tuple[str, list[Cause]]]  # grouped by who must act
    caveats: list[Caveat]
    requirements: list[RequirementShown]
    beyond: PurposesShown
    along: PurposesShown
    rules: RulesShown
    roomy: bool  # few enough results to lay all findings open
    plots_left_out: int
    untested: list[CriterionShown]
    counts: list[tuple[VerdictWord, int]]
    attachments: list[tuple[str, int, str]]
    started: str
    ended: str
    ended_short: str  # the time alone where it is the day of the start
    duration_s: float
    glossary: Glossary


def page(view: EvidenceView) -> Page:
    """Prepare everything. Pure but for the reading that `load` has already done."""
    clock = WallClock(view.trace)
    hang = hung(view.result)
    findings = Findings(view, hang)
    purposes = Purposes(findings, hang.home, len(view.result.purposes))
    planned = {c.id: c for c in view.plan.criteria}
    rules = rules_shown(view)
    requirements = [_requirement(r, planned, hang, findings, purposes, rules) for r in view.result.requirements]
    events = view.trace
    maker, model = headline(view)
    changed = changes(view)
    started, ended = (_moment(clock, events[n].t_ns if len(events) else None) for n in (0, -1))
    return Page(
        view=view,
        unsound=_unsound(view),
        decision=decision(view),
        maker=maker,
        model=model,
        facts=facts(view),
        changes=changed,
        changed=summary(changed, view),
        depth=DEPTHS[view.result.depth],
        coverage=coverage(view),
        reasons=by_actor(view),
        caveats=caveats(view),
        requirements=requirements,
        beyond=purposes.of("", hang.beyond),
        along=purposes.of("", hang.along),
        rules=rules,
        roomy=purposes.roomy,
        plots_left_out=place_plots(view, requirements),
        untested=[c for r in requirements for c in r.criteria if _untested(c)],
        counts=[(word, view.result.counts.get(str(v), 0)) for v, word in VERDICTS.items()],
        attachments=[(n, len(raw), hashlib.sha256(raw).hexdigest()) for n, raw in sorted(view.attachments.items())],
        started=started,
        ended=ended,
        ended_short=ended.partition(", ")[2] if started.partition(", ")[0] == ended.partition(", ")[0] else ended,
        duration_s=(events[-1].t_ns - events[0].t_ns) / 1e9 if len(events) else 0.0,
        glossary=glossary(view),
    )


def _unsound(view: EvidenceView) -> str:
    """The head of the first line that whoever checked the evidence wrote: "THIS EVIDENCE DOES NOT HOLD"."""
    return view.unsound[0].partition(":")[0][:60].removeprefix("THIS ") if view.unsound else ""


def _moment(clock: WallClock, t_ns: int | None) -> str:
    return f"{clock.day(t_ns)}, {clock.text(t_ns)[:8]} UTC" if clock.at(t_ns) is not None else ""


def _requirement(
    result: RequirementResult,
    planned: dict[str, PlannedCriterion],
    hang: Hung,
    findings: Findings,
    purposes: Purposes,
    rules: RulesShown,
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
                findings=findings.shown(c.findings),
                purposes=purposes.of(c.id, hang.under.get(c.id, ())),
                rules=serving(rules, c.id),
            )
            for c in result.criteria
        ],
    )


def _untested(criterion: CriterionShown) -> bool:
    result = criterion.result
    tried = result.findings or any(a.result.findings for p in criterion.purposes.open for a in p.alike)
    elsewhere = any(p.elsewhere for p in criterion.purposes.open)
    return not (tried or elsewhere) and result.verdict is not Verdict.PASS and not criterion.purposes.settled
