"""Making the plan: catalogue x tender x profile x the cases there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from harness.judge import ResolvedLimit
from harness.plan._applicability import another_product, applies, narrowed, unmet_needs
from harness.plan._model import DutFacts, Plan, PlannedCase, PlannedCriterion, PlannedRequirement, Waiver
from harness.profile import Product, Profile
from requirement_catalog import (
    Catalogue,
    Criterion,
    Feature,
    Requirement,
    Tender,
    VerifiedBy,
    catalogue_digest,
    resolve_limits,
)


class CaseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What pytest's collection tells of one test case."""

    id: str
    title: str
    criteria: tuple[str, ...]
    needs: dict[str, str]
    disruptive: str | None = None
    estimate_s: float = 5.0
    waits: dict[str, int] = {}  # contract parameters in seconds that it waits out, and how often


class PlanError(ValueError):
    """The plan cannot be made: an unknown requirement, or a case that verifies a criterion nobody knows."""


def make_plan(
    catalogue: Catalogue,
    tender: Tender,
    profile: Profile,
    cases: Sequence[CaseInfo],
    *,
    evaluation_date: str,
    selection: Sequence[str] = (),
    with_disruptive: bool = True,
    only_cases: Sequence[str] = (),
) -> Plan:
    """Decide what applies and what runs.

    `selection` holds requirement ids ("SC-04") or criterion ids ("SC-04.2"); empty means the whole tender.
    Raises PlanError for an unknown id, naming the nearest ones.
    """
    chosen = _chosen(catalogue, selection)
    known = {c.id for r in catalogue.requirements for c in r.criteria}
    for case in cases:
        if unknown := [c for c in case.criteria if c not in known]:
            raise PlanError(f"case {case.id} verifies {', '.join(unknown)}, which the catalogue does not know")
    features = {f.name: f for f in catalogue.features}
    product = narrowed(profile.product, tender.scope)
    for what, had, left in (
        ("current", profile.product.current, product.current),
        ("site", profile.product.sites, product.sites),
    ):
        if had and not left:
            wanted = " and ".join(getattr(tender.scope, what))
            raise PlanError(f"{tender.title} buys {wanted} products, and this product is for {' and '.join(had)} only")
    criteria = [
        _criterion(requirement, criterion, tender, profile, product, cases, features)
        for requirement in catalogue.requirements
        for criterion in requirement.criteria
        if criterion.id in chosen
    ]
    cases = sorted(cases, key=_order)
    live = {c.id for c in criteria if c.applies and c.declared != "no"}
    limits = resolve_limits(catalogue, tender)
    contract = {name: limit.value for name, limit in limits.items()}
    planned = [_case(case, live, profile, with_disruptive, only_cases, contract) for case in cases]
    runs = {case.id for case in planned if case.run}
    reasons = {case.id: case.reason for case in planned}
    foreign = {case.id for case in planned if another_product(case.needs, profile.product) is not None}
    criteria = [_with_block(c, runs, reasons, foreign) for c in criteria]
    requirements = [r for r in catalogue.requirements if any(c.id in chosen for c in r.criteria)]
    return Plan(
        dut=_facts(profile),
        tender=tender.title,
        client=tender.client or "",
        catalogue_digest=catalogue_digest(catalogue),
        evaluation_date=evaluation_date,
        requirements=tuple(
            PlannedRequirement(
                id=r.id,
                title=r.title,
                obligation_text=r.obligation_text,
                source=f"{r.source.document}, {r.source.table}, no. {r.source.number}",
                binds=r.binds,
            )
            for r in requirements
        ),
        criteria=tuple(criteria),
        cases=tuple(planned),
        limits={
            name: msgspec.convert({**msgspec.to_builtins(limit), "decision_rule": tender.decision_rule}, ResolvedLimit)
            for name, limit in limits.items()
        },
        waivers=tuple(msgspec.convert(msgspec.to_builtins(w), Waiver) for w in tender.waivers),
        selection=tuple(selection),
        estimate_s=sum(case.estimate_s for case in planned if case.run),
    )


def _chosen(catalogue: Catalogue, selection: Sequence[str]) -> set[str]:
    everything = {c.id: r.id for r in catalogue.requirements for c in r.criteria}
    if not selection:
        return set(everything)
    chosen: set[str] = set()
    for wanted in selection:
        hits = {c for c, r in everything.items() if wanted in (c, r)}
        if not hits:
            ids = ", ".join(sorted({r.id for r in catalogue.requirements}))
            raise PlanError(f"there is no requirement or criterion {wanted!r}; there are {ids}")
        chosen |= hits
    return chosen


def _criterion(
    requirement: Requirement,
    criterion: Criterion,
    tender: Tender,
    profile: Profile,
    product: Product,
    cases: Sequence[CaseInfo],
    features: Mapping[str, Feature],
) -> PlannedCriterion:
    does, why = applies(requirement, criterion, product)
    if does and (left_out := tender.left_out_because(criterion)):
        does, why = False, f"this tender leaves it out: {left_out}"
    feature = features.get(criterion.feature or "")
    return PlannedCriterion(
        id=criterion.id,
        requirement=requirement.id,
        statement=criterion.statement,
        verified_by=criterion.verified_by,
        also_by=criterion.also_by,
        obligation=tender.obligation_of(criterion),
        phase=criterion.phase,
        applies=does,
        reason=why,
        declared=profile.declared(criterion.feature) if criterion.feature else None,
        feature_optional=criterion.feature_optional,
        cases=tuple(case.id for case in cases if criterion.id in case.criteria),
        clauses=criterion.clauses,
        module=criterion.module,
        due=criterion.due,
        dispute=criterion.dispute,
        all_of=criterion.all_of,
        feature=criterion.feature,
        told_by=feature.told_by if feature else (),
        told_when=feature.told_when if feature else None,
    )


def _case(
    case: CaseInfo,
    live: set[str],
    profile: Profile,
    with_disruptive: bool,
    only: Sequence[str],
    contract: Mapping[str, float],
) -> PlannedCase:
    reason = ""
    if only and case.id not in only:
        reason = "not asked for in this re-run"
    elif not live & set(case.criteria):
        reason = "none of its criteria applies to this product and selection"
    elif case.disruptive and not with_disruptive:
        reason = f"left out with --no-disruptive: {case.disruptive}"
    elif why := unmet_needs(case.needs, profile):
        reason = why
    return PlannedCase(
        id=case.id,
        title=case.title,
        criteria=case.criteria,
        needs=case.needs,
        disruptive=case.disruptive is not None,
        estimate_s=case.estimate_s + sum(times * contract[name] for name, times in case.waits.items()),
        run=not reason,
        reason=reason,
    )


def _order(case: CaseInfo) -> tuple[bool, bool, bool, bool]:
    """What may change the charger comes last, and new firmware after all.

    Before that, the older OCPP after the newer, so that the charger changes once; and what needs our car's ISO 15118
    side after what does not: it gets ready meanwhile.
    """
    return case.disruptive is not None, "firmware" in case.needs, case.needs.get("ocpp") == "2.0.1", "ev" in case.needs


def _with_block(
    criterion: PlannedCriterion, runs: set[str], reasons: dict[str, str], foreign: set[str]
) -> PlannedCriterion:
    if not criterion.applies or any(case in runs for case in criterion.cases):
        return criterion
    if criterion.cases:  # what keeps this product's own cases from running can be supplied; another product cannot
        case = next((c for c in criterion.cases if c not in foreign), criterion.cases[0])
        return msgspec.structs.replace(criterion, blocked=reasons[case])
    if criterion.verified_by is VerifiedBy.TEST:
        return msgspec.structs.replace(criterion, blocked="no test case verifies it yet")
    return criterion


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
