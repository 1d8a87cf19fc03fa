"""GO, HOLD or SELECTION: a pure function of the plan, the trace and the findings."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

import harness.judge.rules
from harness.decision._criterion import criterion_result
from harness.decision._cut_runs import cut_runs
from harness.decision._derived import derived
from harness.decision._known import Known
from harness.decision._purposes import Due, Settled, attempts, settle
from harness.decision._reasons import another_charger, reasons_of
from harness.decision._rule_voices import rule_voices
from harness.decision._ruled import ruled
from harness.decision._voices import voices
from harness.decision.identity._declared import DeviceModel
from harness.decision.identity._elsewhere import Elsewhere
from harness.decision.identity._evses import reasons_of_evses
from harness.decision.identity._identity import who_was_tested
from harness.decision.identity._ratings import reasons_of_ratings
from harness.decision.runs._attempts import by_purpose
from harness.decision.runs._runs import case_runs
from harness.judge import (
    CampaignResult,
    Claim,
    Continuing,
    CriterionResult,
    Judged,
    RequirementResult,
    RuleOutcome,
    Tested,
    Verdict,
    judge_named,
    worst,
)
from harness.plan import Plan, PlannedPurpose, PlannedRun
from harness.trace import Trace, under_test
from requirement_catalog import Phase, evaluate

RULES = "rules"  # under this name the version of all rules stands beside those of judges
_APART = ("product", "evse", "owed", "declared", "stand-in")  # lacked by a purpose alone: its case may run for others


def decide(plan: Plan, trace: Trace, judged: Sequence[Judged]) -> CampaignResult:
    """The campaign's result.

    GO needs every applicable mandatory criterion of the acceptance phase to be `pass` or waived, no waiver that has
    become needless, the charger that was declared, and a run over the whole tender that was not interrupted. A run
    that a person narrowed is a SELECTION, whatever it found.
    """
    trace = under_test(trace)
    who = who_was_tested(plan, trace)
    model = DeviceModel(trace)
    dues = _dues(plan, trace, judged, model)
    settled = settle(plan, dues)
    rules = ruled(plan, trace, settled, model)
    results = _criteria(plan, settled, judged, model, rules)
    if who.differs:
        results = [_another(result, who) for result in results]
    markers = [e.kind for e in trace if e.kind in ("campaign.started", "campaign.rerun", "campaign.ended")]
    interrupted = not markers or markers[-1] != "campaign.ended"
    purposes = tuple(each.result for each in settled)
    reasons = (
        *reasons_of(plan, results, purposes, rules, who, interrupted),
        *reasons_of_evses(plan, trace),
        *reasons_of_ratings(plan, trace),
    )
    gating = [r for r in results if r.gates]
    return CampaignResult(
        decision="SELECTION" if plan.narrowed else "HOLD" if reasons else "GO",
        reasons=reasons,
        continuing=tuple(
            Continuing(criterion=r.id, statement=r.statement, due=planned.due or "as agreed", verdict=r.verdict)
            for planned, r in zip(plan.criteria, results, strict=True)
            if r.phase is Phase.OPERATION and planned.applies
        ),
        requirements=tuple(_requirement(plan, results, r.id) for r in plan.requirements),
        purposes=purposes,
        rules=rules,
        counts=dict(Counter(str(r.verdict) for r in gating)),
        tested=who,
        depth=plan.depth,
        beyond=plan.beyond,
        narrowed=plan.narrowed,
        emulated=who.emulated,
        partial=bool(plan.narrowed) or interrupted,
        interrupted=interrupted,
        evaluation_date=plan.evaluation_date,
        cut_runs=cut_runs(dues, trace),
        harness_errors=(
            *(f"{e.case or 'campaign'}: {e.data.get('detail', '')}" for e in trace if e.kind == "harness.error"),
            *(f"{each.label}: the rule itself failed: {error}" for each in rules for error in each.errors),
        ),
        judge_versions=_judge_versions(judged) | ({RULES: _rules_version()} if rules else {}),
    )


def _dues(plan: Plan, trace: Trace, judged: Sequence[Judged], model: DeviceModel) -> list[Due]:
    """Every run of the plan with its attempts, and those that were claimed and not planned: beyond the tender."""
    runs_of, found = case_runs(trace), by_purpose(judged)
    elsewhere = Elsewhere(plan, trace)
    purposes = {p.id: p for p in plan.purposes}
    declared: dict[str, str] = {f.name: f.declared for f in plan.features}
    planned = [(run, found.get((run.purpose, run.case), [])) for run in plan.runs]
    known = {(run.purpose, run.case) for run in plan.runs}
    planned += [(_unplanned(findings[0].claim), findings) for each, findings in found.items() if each not in known]
    dues = []
    for run, findings in planned:
        runs = [] if run.lacks in _APART and not findings else runs_of.get(run.case, [])
        purpose = purposes.get(run.purpose) or PlannedPurpose(id=run.purpose, statement="it was claimed, not planned")
        dues.append(
            Due(
                run=run,
                purpose=purpose,
                history=attempts(runs, findings, run, elsewhere, purpose.judges),
                declared=evaluate(purpose.applies, declared).answer,
                told=model.of_expression(plan, purpose.applies),
            )
        )
    return dues


def _unplanned(claim: Claim) -> PlannedRun:
    return PlannedRun(purpose=claim.purpose, case=claim.case, conditions=claim.conditions)


def _criteria(
    plan: Plan,
    settled: Sequence[Settled],
    judged: Sequence[Judged],
    model: DeviceModel,
    rules: Sequence[RuleOutcome],
) -> list[CriterionResult]:
    serving: dict[str, list[Settled]] = defaultdict(list)
    for each in settled:
        for criterion in each.result.serves:
            serving[criterion].append(each)
    own: dict[str, list[Judged]] = defaultdict(list)
    for finding in judged:
        if not finding.claim.purpose:
            own[finding.claim.criterion].append(finding)
    results = [
        criterion_result(
            plan,
            Known(
                planned,
                voices(planned.id, serving[planned.id]),
                own[planned.id],
                model.of_criterion(planned),
                rule_voices(planned.id, rules),
            ),
        )
        for planned in plan.criteria
    ]
    return [
        derived(plan, planned, result, results) if planned.all_of and planned.applies else result
        for planned, result in zip(plan.criteria, results, strict=True)
    ]


def _another(result: CriterionResult, who: Tested) -> CriterionResult:
    """What was found of another charger proves nothing of the declared one, in either direction."""
    if result.verdict is Verdict.NOT_APPLICABLE:
        return result
    return msgspec.structs.replace(
        result,
        verdict=Verdict.INCONCLUSIVE,
        why=f"{another_charger(who)} Otherwise: {result.verdict}, {result.why}",
        waived=False,
        next_who="test engineer",
        next_what="test the charger that was declared, in a new campaign",
    )


def _requirement(plan: Plan, results: Sequence[CriterionResult], requirement: str) -> RequirementResult:
    heading = next(r for r in plan.requirements if r.id == requirement)
    mine = tuple(r for r in results if r.requirement == requirement)
    deciding = [r for r in mine if r.gates and r.verdict is not Verdict.NOT_APPLICABLE]
    applicable = [r for r in mine if r.verdict is not Verdict.NOT_APPLICABLE]
    if deciding:
        verdict = worst([Verdict.PASS if r.waived else r.verdict for r in deciding])
    elif applicable:
        verdict = (
            Verdict.PENDING
            if all(r.phase is Phase.OPERATION for r in applicable)
            else worst([r.verdict for r in applicable])
        )
    else:
        verdict = Verdict.NOT_APPLICABLE
    return RequirementResult(
        id=heading.id,
        title=heading.title,
        obligation_text=heading.obligation_text,
        source=heading.source,
        verdict=verdict,
        criteria=mine,
    )


def _judge_versions(judged: Sequence[Judged]) -> dict[str, str]:
    """A short digest of each used judge's room, so that a later re-judgement can say that a judge has changed.

    A judge leans on what stands around it: its own file and the private ones of all the rooms of judges count.
    """
    versions = {}
    for name in sorted({j.claim.judge for j in judged}):
        try:
            file = Path(inspect.getfile(judge_named(name)))
            sources = [file.read_bytes(), *(p.read_bytes() for p in sorted(_house_of(file).rglob("_*.py")))]
        except (KeyError, OSError, TypeError):
            continue
        versions[name] = hashlib.sha256(b"\0".join(sources)).hexdigest()[:16]
    return versions


def _house_of(file: Path) -> Path:
    """The folder below `harness` that a judge's file belongs to."""
    return next((p for p in file.parents if p.parent.name == "harness"), file.parent)


@functools.cache
def _rules_version() -> str:
    """The same of all rules together, and of the engine that tries them."""
    room = Path(inspect.getfile(harness.judge.rules)).parent
    sources = [path.read_bytes() for path in sorted(room.rglob("*.py"))]
    return hashlib.sha256(b"\0".join(sources)).hexdigest()[:16]
