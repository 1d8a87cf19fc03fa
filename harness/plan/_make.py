"""Makes the plan: a pure function of catalogue, suites, tender, profile and the cases there are."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from harness.judge import Conditions
from harness.plan._applicability import applies, narrowed
from harness.plan._cases import CaseInfo, case_ids, check_cases, in_order, planned_case
from harness.plan._choice import Choice, PlanError, check_choice, chosen_criteria
from harness.plan._conditions import Ground
from harness.plan._limits import ByRole, limits_by_criterion, limits_of
from harness.plan._model import (
    Bound,
    DutFacts,
    Plan,
    PlannedCase,
    PlannedCriterion,
    PlannedFeature,
    PlannedPurpose,
    PlannedRequirement,
    PlannedRun,
    Waiver,
)
from harness.plan._pics import NO, evaluate
from harness.plan._runs import Draft, drafts_of
from harness.profile import Product, Profile
from requirement_catalog import Catalogue, Depth, Feature, Purpose, SuiteFile, Tender, VerifiedBy


def make_plan(
    catalogue: Catalogue,
    tender: Tender,
    profile: Profile,
    cases: Sequence[CaseInfo],
    *,
    suites: Sequence[SuiteFile],
    bound: Bound,
    evaluation_date: str,
    proofs: Mapping[str, str] | None = None,
    choice: Choice | None = None,
) -> Plan:
    """Decide what applies and what runs.

    `proofs`: by what each proven purpose was seen red and green; what is not in it is unproven. Raises PlanError for
    an unknown name in `choice`, a case that does not fit the suites, and a product that this tender does not buy.
    """
    choice, proofs = choice or Choice(), proofs or {}
    live = {p.id: p for suite in suites for p in suite.purposes}
    check_cases(cases, live)
    purposes = [p for p in live.values() if not p.retired]
    tender_depth = getattr(tender, "depth", Depth.ACCEPTANCE)
    check_choice(choice, purposes, tender_depth)
    chosen = chosen_criteria(catalogue, choice.requirements)
    product = _bought(profile, tender)
    depth = choice.depth or tender_depth
    ground = Ground(
        profile, product, depth, frozenset(f.name for f in catalogue.features), _why_not(catalogue, tender, product)
    )
    _known_criteria(purposes, ground)
    within = [p for p in purposes if depth.includes(p.depth)]
    drafts = drafts_of(within, cases, ground, choice, chosen)
    if choice.by_purpose:
        chosen &= {c for d in drafts if choice.takes(d.purpose) for c in d.serves}
    limits = _limits(catalogue, tender, within, drafts, ground)
    runs, planned = _runs_and_cases(drafts, cases, live, limits)
    mine = {run.purpose for run in runs}
    criteria = _criteria(catalogue, tender, profile, ground, chosen, runs)
    disruptive = any(run.lacks == "choice" and "--no-disruptive" in run.reason for run in runs)
    going = [case for case in planned if case.run]
    return Plan(
        dut=_facts(profile),
        tender=tender.title,
        client=tender.client or "",
        depth=depth,
        beyond=_beyond(purposes, ground),
        bound=bound,
        evaluation_date=evaluation_date,
        requirements=_requirements(catalogue, {c.requirement for c in criteria}),
        criteria=criteria,
        purposes=tuple(_purpose(p, proofs) for p in within if p.id in mine),
        features=_features(catalogue, profile, [p for p in within if p.id in mine]),
        runs=tuple(runs),
        cases=tuple(planned),
        limits=limits,
        waivers=tuple(_waivers(tender)),
        narrowed=choice.words(tender_depth) + (("--no-disruptive",) if disruptive else ()),
        estimate_s=sum(case.estimate_s for case in going),
        worst_s=sum(case.worst_s for case in going),
    )


def _bought(profile: Profile, tender: Tender) -> Product:
    product = narrowed(profile.product, tender.scope)
    for what, had, left in (
        ("current", profile.product.current, product.current),
        ("site", profile.product.sites, product.sites),
    ):
        if had and not left:
            wanted = " and ".join(getattr(tender.scope, what))
            raise PlanError(f"{tender.title} buys {wanted} products, and this product is for {' and '.join(had)} only")
    return product


def _why_not(catalogue: Catalogue, tender: Tender, product: Product) -> dict[str, str]:
    """By criterion: "" where it applies, else why not."""
    reasons = {}
    for requirement in catalogue.requirements:
        for criterion in requirement.criteria:
            does, why = applies(requirement, criterion, product)
            if does and (left_out := tender.left_out_because(criterion)):
                does, why = False, f"this tender leaves it out: {left_out}"
            reasons[criterion.id] = "" if does else why
    return reasons


def _known_criteria(purposes: Sequence[Purpose], ground: Ground) -> None:
    for purpose in purposes:
        for each in purpose.serves:
            if each.criterion not in ground.criteria:
                raise PlanError(f"{purpose.id} serves {each.criterion}, which the catalogue does not know")


def _runs_and_cases(
    drafts: Sequence[Draft], cases: Sequence[CaseInfo], purposes: Mapping[str, Purpose], limits: Mapping[str, ByRole]
) -> tuple[list[PlannedRun], list[PlannedCase]]:
    under: dict[str, list[Conditions]] = defaultdict(list)
    for draft in drafts:
        if draft.info is not None and draft.conditions not in under[draft.info.function]:
            under[draft.info.function].append(draft.conditions)
    ids = {function: case_ids(function, conditions) for function, conditions in under.items()}
    runs = [_run(draft, ids) for draft in drafts]
    by_case: dict[str, list[PlannedRun]] = defaultdict(list)
    for run in runs:
        by_case[run.case].append(run)
    planned = [
        planned_case(info, number, by_case[number], purposes, limits)
        for info in cases
        for number in ids.get(info.function, {}).values()
    ]
    return runs, in_order(planned)


def _run(draft: Draft, ids: Mapping[str, Mapping[Conditions, str]]) -> PlannedRun:
    lack = draft.lack
    return PlannedRun(
        purpose=draft.purpose.id,
        conditions=draft.conditions,
        serves=draft.serves,
        case=ids[draft.info.function][draft.conditions] if draft.info is not None else "",
        run=lack is None,
        lacks=lack.kind if lack is not None else "",
        reason=lack.reason if lack is not None else "",
        move=lack.move if lack is not None else "",
    )


def _limits(
    catalogue: Catalogue, tender: Tender, purposes: Sequence[Purpose], drafts: Sequence[Draft], ground: Ground
) -> dict[str, ByRole]:
    """By purpose, and by criterion for claims about one itself; a selection changes none of them."""
    by_criterion = limits_by_criterion(catalogue, tender)
    mine = {d.purpose.id for d in drafts}
    found = {c: by_role for c, by_role in by_criterion.items() if by_role}
    for purpose in purposes:
        if purpose.id in mine:
            served = [s.criterion for s in purpose.serves if ground.criteria[s.criterion] == ""]
            found[purpose.id] = limits_of(purpose, served, by_criterion)
    return found


def _criteria(
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
            **_told(features.get(criterion.feature or "")),
        )
        for requirement in catalogue.requirements
        for criterion in requirement.criteria
        if criterion.id in chosen
    )


def _told(feature: Feature | None) -> dict[str, object]:
    return {} if feature is None else {"told_by": feature.told_by, "told_when": feature.told_when}


def _blocked(verified_by: VerifiedBy, runs: Sequence[PlannedRun]) -> str | None:
    """Why nothing can run for a criterion; what can be supplied is named before what is for another product."""
    if any(run.run for run in runs):
        return None
    if runs:
        return next((run for run in runs if run.lacks not in ("product", "stand-in")), runs[0]).reason
    return "no test case verifies it yet" if verified_by is VerifiedBy.TEST else None


def _beyond(purposes: Sequence[Purpose], ground: Ground) -> int:
    """How many purposes for such a product are deeper than this plan."""
    backend = ground.product.role == "backend"
    return sum(
        not ground.depth.includes(p.depth)
        and (p.role == "csms") is backend
        and evaluate(p.applies, ground.profile.declared) != NO
        for p in purposes
    )


def _purpose(purpose: Purpose, proofs: Mapping[str, str]) -> PlannedPurpose:
    return PlannedPurpose(
        id=purpose.id,
        statement=purpose.statement,
        revision=purpose.revision,
        answers_to=purpose.answers_to,
        conformance=purpose.conformance,
        depth=purpose.depth,
        applies=purpose.applies,
        judges=purpose.judges,
        instead_of=purpose.instead_of,
        before=purpose.before,
        proven=purpose.id in proofs,
        proof=proofs.get(purpose.id, ""),
        dispute=purpose.dispute,
    )


def _features(catalogue: Catalogue, profile: Profile, purposes: Sequence[Purpose]) -> tuple[PlannedFeature, ...]:
    """What was declared of the features that the purposes hang on."""
    named = {n.id for p in purposes for n in ast.walk(ast.parse(p.applies, mode="eval")) if isinstance(n, ast.Name)}
    return tuple(
        PlannedFeature(name=f.name, declared=profile.declared(f.name), told_by=f.told_by, told_when=f.told_when)
        for f in catalogue.features
        if f.name in named
    )


def _requirements(catalogue: Catalogue, mine: set[str]) -> tuple[PlannedRequirement, ...]:
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


def _waivers(tender: Tender) -> list[Waiver]:
    found = []
    for waiver in tender.waivers:
        plain = msgspec.to_builtins(waiver)
        found.append(msgspec.convert({"of": plain.pop("criterion", None), **plain}, Waiver))
    return found


def _facts(profile: Profile) -> DutFacts:
    product = profile.product
    return DutFacts(
        name=product.name,
        manufacturer=product.manufacturer,
        model=product.model,
        serial=product.serial,
        firmware=product.firmware,
        role=product.role,
        current=product.current,
        sites=product.sites,
        bidirectional=product.bidirectional,
        emulated=product.emulated,
    )
