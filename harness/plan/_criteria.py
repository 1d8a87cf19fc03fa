"""Criteria and requirements as they stand for this product and tender."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from harness.plan._applicability import applies
from harness.plan._conditions import Ground
from harness.plan._model import PlannedCriterion, PlannedRequirement, PlannedRun
from harness.profile import Product, Profile
from requirement_catalog import Catalogue, Tender, VerifiedBy


def planned_criteria(
    catalogue: Catalogue,
    tender: Tender,
    profile: Profile,
    ground: Ground,
    chosen: set[str],
    runs: Sequence[PlannedRun],
) -> tuple[PlannedCriterion, ...]:
    features = {f.name: f for f in catalogue.features}
    by_criterion: dict[str, list[PlannedRun]] = defaultdict(list)
    for run in runs:
        for criterion in run.serves:
            by_criterion[criterion].append(run)
    return tuple(
        PlannedCriterion(
            id=criterion.id,
            requirement=requirement.id,
            statement=criterion.statement,
            verified_by=criterion.verified_by,
            also_by=criterion.also_by,
            obligation=tender.obligation_of(criterion),
            phase=criterion.phase,
            applies=not ground.criteria[criterion.id],
            reason=ground.criteria[criterion.id] or applies(requirement, criterion, ground.product)[1],
            declared=profile.declared(criterion.feature) if criterion.feature else None,
            feature_optional=criterion.feature_optional,
            blocked=_blocked(criterion.verified_by, by_criterion[criterion.id])
            if not ground.criteria[criterion.id]
            else None,
            clauses=criterion.clauses,
            module=criterion.module,
            due=criterion.due,
            dispute=criterion.dispute,
            all_of=criterion.all_of,
            feature=criterion.feature,
            told_by=feature.told_by if feature else (),
            told_when=feature.told_when if feature else None,
            papers_accepted=tender.accepts_paper_because(criterion),
        )
        for requirement in catalogue.requirements
        for criterion in requirement.criteria
        if criterion.id in chosen
        for feature in (features.get(criterion.feature or ""),)
    )


def _blocked(verified_by: VerifiedBy, runs: Sequence[PlannedRun]) -> str | None:
    """Why nothing can run for a criterion; what can be supplied is named before what is for another product."""
    if any(run.run for run in runs):
        return None
    if runs:
        return next((run for run in runs if run.lacks not in ("product", "stand-in")), runs[0]).reason
    return "no test case verifies it yet" if verified_by is VerifiedBy.TEST else None


def why_not(catalogue: Catalogue, tender: Tender, product: Product) -> dict[str, str]:
    """By criterion: "" where it applies, else why not."""
    reasons = {}
    for requirement in catalogue.requirements:
        for criterion in requirement.criteria:
            does, why = applies(requirement, criterion, product)
            if does and (left_out := tender.left_out_because(criterion)):
                does, why = False, f"this tender leaves it out: {left_out}"
            reasons[criterion.id] = "" if does else why
    return reasons


def planned_requirements(catalogue: Catalogue, mine: set[str]) -> tuple[PlannedRequirement, ...]:
    return tuple(
        PlannedRequirement(
            id=r.id,
            title=r.title,
            obligation_text=r.obligation_text,
            source=f"{r.source.document}, {r.source.table}, no. {r.source.number}",
            binds=r.binds,
        )
        for r in catalogue.requirements
        if r.id in mine
    )
