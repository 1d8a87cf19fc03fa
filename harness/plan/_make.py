"""Makes the plan: a pure function of catalogue, suites, tender, profile and the cases there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from harness.judge import Conditions
from harness.plan._applicability import narrowed
from harness.plan._cases import CaseInfo, case_ids, check_cases, in_order, planned_case
from harness.plan._choice import Choice, PlanError, check_choice, chosen_criteria
from harness.plan._conditions import Ground
from harness.plan._criteria import planned_criteria, planned_requirements, why_not
from harness.plan._instruments import overdue_instruments
from harness.plan._limits import ByRole, Limiting
from harness.plan._model import (
    Bound,
    DeclaredEvse,
    DeclaredRating,
    DutFacts,
    Plan,
    PlannedCase,
    PlannedFeature,
    PlannedPurpose,
    PlannedRun,
    Waiver,
)
from harness.plan._rules import planned_rules
from harness.plan._runs import Draft, drafts_of
from harness.profile import Product, Profile
from requirement_catalog import Catalogue, Purpose, Rule, Suites, Tender, evaluate, names_in


def make_plan(
    catalogue: Catalogue,
    tender: Tender,
    profile: Profile,
    cases: Sequence[CaseInfo],
    *,
    suites: Suites,
    bound: Bound,
    evaluation_date: str,
    proofs: Mapping[str, str] | None = None,
    choice: Choice | None = None,
) -> Plan:
    """Decide what applies and what runs.

    `proofs`: by what each proven purpose and rule was seen red and green; what is not in it is unproven. Raises
    PlanError for an unknown name in `choice`, a case that does not fit the suites, and a product that this tender does
    not buy.
    """
    choice, proofs = choice or Choice(), proofs or {}
    everything = {each.id: each for each in suites.items if isinstance(each, Purpose)}
    check_cases(cases, everything)
    purposes = suites.purposes
    tender_depth = tender.depth
    check_choice(choice, purposes, tender_depth)
    chosen = chosen_criteria(catalogue, choice.requirements)
    product = _bought(profile, tender)
    depth = choice.depth or tender_depth
    declared = {feature.name: profile.declared(feature.name) for feature in catalogue.features}
    features = {feature.name: feature for feature in catalogue.features}
    ground = Ground(profile, product, depth, declared, why_not(catalogue, tender, product), features)
    own = {each.criterion for p in purposes if p.role == ground.role for each in p.serves}
    ground = replace(ground, own=frozenset(own))
    _known_criteria((*purposes, *suites.rules), ground)
    within = [p for p in purposes if depth.includes(p.depth)]
    drafts = drafts_of(within, cases, ground, choice, chosen)
    if choice.by_purpose:
        chosen &= {c for d in drafts if choice.takes(d.purpose) for c in d.serves}
    limits = _limits(catalogue, tender, purposes, drafts, ground)
    runs, planned = _runs_and_cases(drafts, cases, everything, limits)
    mine = {run.purpose for run in runs}
    criteria = planned_criteria(catalogue, tender, profile, ground, chosen, runs)
    rules = planned_rules(suites, tender, ground, chosen, proofs)
    hanging = [*(p.applies for p in within if p.id in mine), *(rule.applies for rule in rules)]
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
        requirements=planned_requirements(catalogue, {c.requirement for c in criteria}),
        criteria=criteria,
        purposes=tuple(_purpose(p, proofs) for p in within if p.id in mine),
        rules=rules,
        features=_features(catalogue, profile, hanging),
        runs=tuple(runs),
        cases=tuple(planned),
        limits=limits,
        overdue=overdue_instruments(profile, tender, evaluation_date),
        waivers=tuple(msgspec.convert(msgspec.to_builtins(w), Waiver) for w in tender.waivers),
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


def _known_criteria(items: Sequence[Purpose | Rule], ground: Ground) -> None:
    for item in items:
        for each in item.serves:
            if each.criterion not in ground.criteria:
                raise PlanError(f"{item.id} serves {each.criterion}, which the catalogue does not know")


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
        brought_for=draft.brought_for,
        case=ids[draft.info.function][draft.conditions] if draft.info is not None else "",
        run=lack is None,
        lacks=lack.kind if lack is not None else "",
        reason=lack.reason if lack is not None else "",
        move=lack.move if lack is not None else "",
    )


def _limits(
    catalogue: Catalogue, tender: Tender, purposes: Sequence[Purpose], drafts: Sequence[Draft], ground: Ground
) -> dict[str, ByRole]:
    """By purpose, and by criterion for claims about one itself; a selection changes none of them.

    A case runs as a whole, so that what it may wait for has its limits too, also where it is not due itself.
    """
    limiting = Limiting(catalogue, tender)
    mine = {d.purpose.id for d in drafts} | {p for d in drafts if d.info is not None for p in d.info.purposes}
    found = limiting.by_criterion()
    for purpose in purposes:
        if purpose.id in mine:
            served = [s.criterion for s in purpose.serves if ground.criteria[s.criterion] == ""]
            try:
                found[purpose.id] = limiting.of_purpose(purpose, served)
            except ValueError as error:
                raise PlanError(f"{purpose.id}: {error}; give the criteria limits of one unit and sense") from error
    return found


def _beyond(purposes: Sequence[Purpose], ground: Ground) -> int:
    """How many purposes for such a product are deeper than this plan."""
    backend = ground.product.role == "backend"
    return sum(
        not ground.depth.includes(p.depth)
        and (p.role == "csms") is backend
        and evaluate(p.applies, ground.declared).answer != "no"
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


def _features(catalogue: Catalogue, profile: Profile, expressions: Sequence[str]) -> tuple[PlannedFeature, ...]:
    """What was declared of the features that the purposes and rules hang on."""
    named = {name for each in expressions for name in names_in(each)}
    return tuple(
        PlannedFeature(name=f.name, declared=profile.declared(f.name), told_by=f.told_by, told_when=f.told_when)
        for f in catalogue.features
        if f.name in named
    )


def _facts(profile: Profile) -> DutFacts:
    product = profile.product
    evses = tuple(dict.fromkeys((profile.pixit.evse_id, *profile.pixit.evses)))
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
        evses=tuple(
            DeclaredEvse(
                number=evse,
                current=profile.current_at(evse) if profile.kind_of(evse) else (),
                denied=tuple(sorted(profile.denied_at(evse))),
            )
            for evse in evses
        ),
        ratings=tuple(
            DeclaredRating(
                evse=evse,
                phases=at.phases if "AC" in profile.current_at(evse) else 0,
                charge_w=at.rated_charge_w,
                discharge_w=at.rated_discharge_w,
            )
            for evse in evses
            for at in (profile.pixit.at(evse),)
        ),
    )
