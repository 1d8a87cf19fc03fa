"""Limits in the plan: by purpose the strictest of its criteria, by criterion for papers and logs."""

from __future__ import annotations

import datetime
from typing import cast

import pytest

from harness.campaign import collect_cases
from harness.hands._running import Running
from harness.plan import make_plan
from harness.plan._limits import Limiting
from harness.profile import Profile
from requirement_catalog import Depth, Tender, load_suites, load_tender
from requirement_catalog import Waiver as TenderWaiver
from tests.plan._small import BOUND, SHIPPED, TENDER, change, made, profile, purpose


def test_of_several_criteria_the_strictest_limit_counts() -> None:
    """At most: the smallest; at least: the largest; a role that one of them has alone is kept."""
    found = made(purpose("OCPP-K01.P001", "SC-04.1", "SC-04.2", "BI-16.1")).limits["OCPP-K01.P001"]
    assert {role: limit.value for role, limit in found.items()} == {"answer": 3, "least": 20, "dwell": 10}


def test_a_criterion_that_does_not_apply_binds_nothing() -> None:
    """A one-way charger is not held to a limit of bidirectional ones."""
    plan = made(purpose("OCPP-K01.P001", "SC-04.1", "BI-16.1"), of=profile(bidirectional=False))
    assert plan.limits["OCPP-K01.P001"]["answer"].value == 5


def test_what_no_criterion_in_force_says_is_said_by_one_left_out() -> None:
    """The purpose still asks the same of a charger, and its case has to know how long it waits."""
    plan = made(purpose("OCPP-K01.P001", "SC-04.1", "SC-04.2"), tender=_without("SC-04.1"))
    assert {role: limit.value for role, limit in plan.limits["OCPP-K01.P001"].items()} == {
        "answer": 3,  # of what is in force, where it says it
        "least": 16,
        "dwell": 10,
    }


def test_every_purpose_keeps_its_roles_whichever_criterion_is_left_out() -> None:
    """As shipped: a judge that asks for a role that a tender took away would be an error, and not the charger's."""
    tender = load_tender(SHIPPED)
    limiting, purposes = Limiting(SHIPPED, tender), load_suites().purposes
    for each in purposes:
        served = [s.criterion for s in each.serves]
        every = limiting.of_purpose(each, served)
        for gone in served:
            left = limiting.of_purpose(each, [c for c in served if c != gone])
            assert left.keys() == every.keys(), (each.id, gone)
        assert limiting.of_purpose(each, ()).keys() == every.keys(), each.id


def test_a_case_finds_its_waits_where_the_tender_leaves_a_requirement_out() -> None:
    """As shipped: a start with a limit is tried also where nobody asks for smart charging (OCPP-F01.P102)."""
    cases = collect_cases()
    (mine,) = (info for info in cases if "OCPP-F01.P102" in info.purposes)
    suites = load_suites()
    for tender in (load_tender(SHIPPED), _without("SC-04")):
        plan = make_plan(
            SHIPPED,
            change(tender, depth=Depth.THOROUGH),
            profile(),
            cases,
            suites=suites,
            bound=BOUND,
            evaluation_date="2026-11-22",
        )
        at = Running(plan.limits)
        at.case = next(c for c in plan.cases if c.function == mine.function and c.run)
        at.serves = mine.purposes
        assert at.limit("response") > 0 and at.limit("dwell") > 0


def test_criteria_keep_theirs_for_papers_and_logs() -> None:
    """With the tender's decision rule on every limit."""
    plan = made()
    assert plan.limits["SC-04.2"]["answer"].value == 3
    rules = {limit.decision_rule for by_role in plan.limits.values() for limit in by_role.values()}
    assert rules == {TENDER.decision_rule}


def test_the_plan_freezes_waivers_date_and_digests() -> None:
    """What the decision needs of the tender, and what the campaign was made from."""
    given = TenderWaiver(
        of="SC-04.1", reason="r", signed_by="A. B.", dated=datetime.date(2026, 1, 1), until=datetime.date(2027, 1, 1)
    )
    plan = made(tender=change(TENDER, waivers=(given,)))
    assert (plan.waivers[0].of, plan.waivers[0].until) == ("SC-04.1", "2027-01-01")
    assert (plan.evaluation_date, plan.bound) == ("2026-11-22", BOUND)


def test_a_purpose_is_proven_when_it_was_seen_red_and_green() -> None:
    """By what is kept with it; one that is not on record is unproven."""
    plan = made(purpose(), purpose("OCPP-K01.P002"), proofs={"OCPP-K01.P001": "defect sc04_deaf"})
    assert [(p.proven, p.proof) for p in plan.purposes] == [(True, "defect sc04_deaf"), (False, "")]


def test_the_plan_keeps_what_was_declared_of_its_purposes_features() -> None:
    """With what of the device model would tell it: an undeclared one is looked up when it is judged."""
    plan = made(purpose(applies="v2x and not dc_bpt"), of=profile(pics={"v2x": True}))
    assert {(f.name, f.declared) for f in plan.features} == {("v2x", "yes"), ("dc_bpt", "undeclared")}
    assert plan.features[0].told_by


def _metered(due: str) -> Profile:
    known = profile()
    meter = change(known.pco.bench["meter"], calibration_due=due)
    return change(known, pco=change(known.pco, bench={**known.pco.bench, "meter": meter}))


def _without(left_out: str) -> Tender:
    return cast("Tender", change(TENDER, left_out={left_out: "not bought"}))


def _with(name: str, value: float) -> Tender:
    changed = change(TENDER.parameters[name], value=value)
    return cast("Tender", change(TENDER, parameters={**TENDER.parameters, name: changed}))


@pytest.mark.parametrize(
    ("due", "grace", "overdue"),
    [("2026-11-22", 0, {}), ("2026-11-21", 0, {"meter": "2026-11-21"}), ("2026-11-21", 1, {}), ("", 0, {})],
)
def test_instruments_whose_calibration_had_run_out_are_named(due: str, grace: float, overdue: dict[str, str]) -> None:
    """On the day of the test, with the days of grace that the tender's word gives."""
    plan = made(of=_metered(due), tender=_with("instrument.calibration_grace", grace))
    assert plan.overdue == overdue


def test_how_unsure_an_instrument_may_be_goes_with_every_limit() -> None:
    """The tender's percent, as a share."""
    plan = made(tender=_with("instrument.most_uncertain", 20))
    assert {limit.most_uncertain for by_role in plan.limits.values() for limit in by_role.values()} == {0.2}
