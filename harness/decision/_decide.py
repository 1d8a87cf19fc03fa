"""GO or HOLD: a pure function of the plan, the trace and the findings."""

from __future__ import annotations

import hashlib
import inspect
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from harness.decision._criterion import criterion_result, waived_by
from harness.judge import (
    CampaignResult,
    Continuing,
    CriterionResult,
    Judged,
    Reason,
    RequirementResult,
    Verdict,
    judge_named,
    worst,
)
from harness.plan import Plan, PlannedCriterion
from harness.trace import Trace
from requirement_catalog import Phase


def decide(plan: Plan, trace: Trace, judged: Sequence[Judged]) -> CampaignResult:
    """The campaign's result.

    GO needs every applicable mandatory criterion of the acceptance phase to be `pass` or waived, no waiver that has
    become needless, and a run over the whole tender that was not interrupted.
    """
    results = [criterion_result(plan, planned, trace, judged) for planned in plan.criteria]
    results = [
        _derived(plan, planned, result, results) if planned.all_of and planned.applies else result
        for planned, result in zip(plan.criteria, results, strict=True)
    ]
    markers = [e.kind for e in trace if e.kind in ("campaign.started", "campaign.rerun", "campaign.ended")]
    interrupted = not markers or markers[-1] != "campaign.ended"
    reasons = [reason for result in results if (reason := _reason(result)) is not None]
    if interrupted:
        reasons.append(
            Reason(
                criterion="",
                verdict=Verdict.INCONCLUSIVE,
                why="the campaign was interrupted before its end",
                who="test engineer",
                what="run the campaign again, or its missing cases with --rerun",
            )
        )
    gating = [r for r in results if r.gates]
    if all(r.verdict is Verdict.NOT_APPLICABLE for r in gating):
        reasons.append(
            Reason(
                criterion="",
                verdict=Verdict.INCONCLUSIVE,
                why="no mandatory acceptance criterion applies to this product and selection, so nothing is proven",
                who="client",
                what="check the product's kind in the profile and the selected requirements",
            )
        )
    return CampaignResult(
        decision="HOLD" if reasons else "GO",
        reasons=tuple(reasons),
        continuing=tuple(
            Continuing(criterion=r.id, statement=r.statement, due=planned.due or "as agreed", verdict=r.verdict)
            for planned, r in zip(plan.criteria, results, strict=True)
            if r.phase is Phase.OPERATION and planned.applies
        ),
        requirements=tuple(_requirement(plan, results, r.id) for r in plan.requirements),
        counts=dict(Counter(str(r.verdict) for r in gating)),
        emulated=plan.dut.emulated,
        partial=bool(plan.selection) or interrupted,
        interrupted=interrupted,
        evaluation_date=plan.evaluation_date,
        harness_errors=tuple(
            f"{e.case or 'campaign'}: {e.data.get('detail', '')}" for e in trace if e.kind == "harness.error"
        ),
        judge_versions=_judge_versions(judged),
    )


def _derived(
    plan: Plan, planned: PlannedCriterion, result: CriterionResult, results: Sequence[CriterionResult]
) -> CriterionResult:
    """A criterion that holds when all gating criteria of the requirements or families it names are proven."""
    parts = [
        r
        for r in results
        if r.gates
        and r.id != planned.id
        and r.verdict is not Verdict.NOT_APPLICABLE
        and (r.requirement in planned.all_of or r.requirement.split("-")[0] in planned.all_of)
    ]
    open_ = [r for r in parts if r.verdict is not Verdict.PASS and not r.waived]
    names = " and ".join(planned.all_of)
    who = what = ""
    if open_:
        verdict = worst([r.verdict for r in open_])
        why = f"{len(open_)} of {len(parts)} criteria of {names} are not proven: {', '.join(r.id for r in open_[:8])}"
        who, what = open_[0].next_who, "settle those first; this follows from them"
    elif plan.selection:
        verdict, why = Verdict.INCONCLUSIVE, f"this run was a selection, which need not hold all criteria of {names}"
        who, what = "test engineer", "run the whole tender"
    elif not parts:
        verdict, why = Verdict.INCONCLUSIVE, f"no criterion of {names} applies"
    else:
        verdict, why = Verdict.PASS, f"all {len(parts)} criteria of {names} that apply are proven or waived"
    waived, waiver = waived_by(plan, planned.id, verdict)
    return msgspec.structs.replace(
        result,
        verdict=verdict,
        why=why,
        proven_by=planned.verified_by,
        waived=waived,
        waiver=waiver,
        next_who=who,
        next_what=what,
    )


def _reason(result: CriterionResult) -> Reason | None:
    if not result.gates or result.verdict is Verdict.NOT_APPLICABLE:
        return None
    if result.verdict is Verdict.PASS:
        if result.waiver is None or not result.waiver.startswith("no longer needed"):
            return None
        return Reason(
            criterion=result.id,
            verdict=Verdict.PASS,
            why=f"it passes, but it is waived: {result.waiver}",
            who="client",
            what="remove the waiver from the tender overlay",
        )
    if result.waived:
        return None
    return Reason(
        criterion=result.id, verdict=result.verdict, why=result.why, who=result.next_who, what=result.next_what
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

    A judge leans on what stands beside it: its own file and the private ones of its folder count.
    """
    versions = {}
    for name in sorted({j.claim.judge for j in judged}):
        try:
            file = Path(inspect.getfile(judge_named(name)))
            sources = [file.read_bytes(), *(p.read_bytes() for p in sorted(file.parent.glob("_*.py")))]
        except (KeyError, OSError, TypeError):
            continue
        versions[name] = hashlib.sha256(b"\0".join(sources)).hexdigest()[:16]
    return versions
