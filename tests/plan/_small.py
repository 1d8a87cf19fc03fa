"""A small catalogue, suites and cases, made by hand: what is tested here is the plan, not the data that ships."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import msgspec

from harness.plan import Bound, CaseInfo, Choice, Plan, PlannedCase, PlannedCriterion, PlannedRun, make_plan
from harness.profile import Profile, load_profile
from requirement_catalog import (
    AppliesWhen,
    Catalogue,
    Criterion,
    Depth,
    Feature,
    Limit,
    Needs,
    Purpose,
    Requirement,
    Rule,
    Sense,
    Serves,
    Source,
    SuiteFile,
    Suites,
    Tender,
    VerifiedBy,
    load_catalogue,
    load_tender,
)

change: Any = msgspec.structs.replace
SHIPPED = load_catalogue()
BOUND = Bound(profile=hashlib.sha256(b"p").hexdigest(), catalogue="c", suites="s")
CAR = Needs(car="any", bench=("pilot", "meter"))


def limit(value: float, sense: Sense = Sense.AT_MOST, unit: str = "s") -> Limit:
    """A number of its own."""
    return Limit(value=value, unit=unit, sense=sense, source="here", range=(0, 1000))


def criterion(number: str, **more: Any) -> Criterion:
    """A criterion that a test verifies."""
    facts = {"id": number, "statement": f"{number} holds", "verified_by": VerifiedBy.TEST}
    return Criterion(**{**facts, **more})


def requirement(number: str, *criteria: Criterion, binds: tuple[str, ...] = ("station",), **more: Any) -> Requirement:
    """A requirement."""
    source = Source(document="d", table="t", number="1")
    return Requirement(id=number, title="t", obligation_text="o", source=source, binds=binds, criteria=criteria, **more)


REQUIREMENTS = (
    requirement(
        "SC-04",
        criterion("SC-04.1", limits={"answer": limit(5), "dwell": limit(10)}),
        criterion("SC-04.2", limits={"answer": limit(3), "least": limit(16, Sense.AT_LEAST, "A")}),
    ),
    requirement("SC-08", criterion("SC-08.1", applies_when=AppliesWhen(current=("DC",)))),
    requirement("SC-10", criterion("SC-10.1"), binds=("backend",)),
    requirement("PR-14", criterion("PR-14.1"), applies_when=AppliesWhen(site=("private",))),
    requirement(
        "BI-16",
        criterion("BI-16.1", feature="v2x", limits={"answer": limit(4), "least": limit(20, Sense.AT_LEAST, "A")}),
        criterion("BI-16.2"),
        criterion("BI-16.4", verified_by=VerifiedBy.LOG_ANALYSIS, all_of=("SC", "PR")),
        applies_when=AppliesWhen(bidirectional=True),
    ),
)
CATALOGUE = Catalogue(
    requirements=REQUIREMENTS,
    features=tuple(
        Feature(name=name, meaning=name, told_by=(f"Ctrlr.{name}",), told_when="true")
        for name in ("smart_charging", "v2x", "ocpp_2_1", "ocpp_2_0_1", "dc_bpt", "ac_bpt", "scheduled_control")
    ),
    reference_numbers=(),
    standards=(),
    grid_settings=(),
    default_tender=SHIPPED.default_tender,
)
TENDER: Tender = load_tender(SHIPPED)


def profile(pics: dict[str, Any] | None = None, **product: Any) -> Profile:
    """The emulated charger's profile, of another kind and with other declarations."""
    shipped, _ = load_profile("emulated")
    made = change(shipped, product=change(shipped.product, **product), pics=shipped.pics if pics is None else pics)
    return cast(Profile, made)


def bench(of: Profile | None = None, **pco: Any) -> Profile:
    """A profile with other points of control; `without` takes one instrument away."""
    shipped = of or profile()
    if gone := pco.pop("without", None):
        pco["bench"] = {role: each for role, each in shipped.pco.bench.items() if role != gone}
    return cast(Profile, change(shipped, pco=change(shipped.pco, **pco)))


def purpose(number: str = "OCPP-K01.P001", *serves: str | Serves, **more: Any) -> Purpose:
    """A purpose of depth short that serves SC-04.1, whatever the version."""
    served = tuple(s if isinstance(s, Serves) else Serves(criterion=s) for s in serves or ("SC-04.1",))
    return Purpose(**{"id": number, "statement": f"{number} holds", "serves": served, "depth": Depth.SHORT, **more})


def when(criterion: str, **conditions: str) -> Serves:
    """A criterion served under conditions."""
    return Serves(criterion=criterion, when=conditions)


def case(function: str = "a::one", *purposes: str, line: int = 7) -> CaseInfo:
    """A case that serves OCPP-K01.P001."""
    return CaseInfo(
        function=function, title="t", purposes=purposes or ("OCPP-K01.P001",), file="test_cases/a.py", line=line
    )


def suites(*purposes: Purpose, rules: tuple[Rule, ...] = ()) -> Suites:
    """Suites of these purposes and rules; the rules serve nothing."""
    own = tuple(change(rule, serves=()) for rule in rules)
    return Suites((SuiteFile(use_case="K01", purposes=purposes, rules=own),), {})


def made(
    *purposes: Purpose,
    cases: tuple[CaseInfo, ...] | None = None,
    of: Profile | None = None,
    tender: Tender | None = None,
    depth: Depth = Depth.ACCEPTANCE,
    choice: Choice | None = None,
    rules: tuple[Rule, ...] = (),
    **more: Any,
) -> Plan:
    """The plan; a purpose without a case given gets one of its own."""
    each = purposes or (purpose(),)
    own = tuple(case(f"a::{p.id.split('.')[-1].lower()}", p.id) for p in each if not p.retired)
    return make_plan(
        CATALOGUE,
        change(tender or TENDER, depth=depth),
        of or profile(),
        own if cases is None else cases,
        suites=suites(*each, rules=rules),
        bound=BOUND,
        evaluation_date="2026-11-22",
        choice=choice,
        **more,
    )


def runs(plan: Plan, of: str | None = None) -> list[PlannedRun]:
    """The runs of one purpose, or of all."""
    return [run for run in plan.runs if of in (None, run.purpose)]


def only_run(plan: Plan, of: str | None = None) -> PlannedRun:
    """The one run that there is."""
    (found,) = runs(plan, of)
    return found


def only_case(plan: Plan) -> PlannedCase:
    """The one case that there is."""
    (found,) = plan.cases
    return found


def the(plan: Plan, number: str) -> PlannedCriterion:
    """A planned criterion."""
    return next(c for c in plan.criteria if c.id == number)
