"""What applies, and why not: from the tender's scope and the product's kind, never from the supplier's wish."""

from __future__ import annotations

import pytest

from harness.plan import Plan, PlanError
from requirement_catalog import AppliesWhen, Obligation
from requirement_catalog.tender._overlay import ObligationChange
from tests.plan._small import TENDER, change, made, profile, purpose, the


def applying(plan: Plan) -> set[str]:
    """Ids of what applies."""
    return {c.id for c in plan.criteria if c.applies}


def test_kinds_decide_what_applies() -> None:
    """DC, one-way, public only: each takes what is not its own out, and says so."""
    everything = applying(made())
    only_ac = made(of=profile(current=("AC",)))
    assert everything - applying(only_ac) == {"SC-08.1"}
    assert "DC" in the(only_ac, "SC-08.1").reason
    one_way = made(of=profile(bidirectional=False))
    assert everything - applying(one_way) == {"BI-16.1", "BI-16.2", "BI-16.4"}
    assert "bidirectional" in the(one_way, "BI-16.1").reason
    assert "PR-14.1" not in applying(made(of=profile(sites=("public",))))


def test_a_station_is_not_held_to_what_binds_the_backend() -> None:
    """SC-10 is the backend's, and the other way round."""
    assert "SC-10.1" not in applying(made())
    assert the(made(), "SC-10.1").reason
    backend = applying(made(of=profile(role="backend")))
    assert "SC-10.1" in backend
    assert "SC-04.1" not in backend


def test_the_supplier_s_wish_does_not_decide_what_applies() -> None:
    """Declaring no changes nothing about applicability; the declaration is kept for the verdict."""
    plan = made(of=profile(pics={"v2x": False}))
    assert the(plan, "BI-16.1").applies
    assert the(plan, "BI-16.1").declared == "no"


def test_the_tender_s_scope_narrows_the_product() -> None:
    """A product for public and private sites bought for public ones only; for one-way use only."""
    assert "PR-14.1" not in applying(made(tender=change(TENDER, scope=AppliesWhen(site=("public",)))))
    assert "BI-16.1" not in applying(made(tender=change(TENDER, scope=AppliesWhen(bidirectional=False))))


def test_a_product_outside_the_tender_s_scope_is_refused() -> None:
    """A tender for DC and a charger for AC: with next to nothing applicable it would be an easy GO."""
    with pytest.raises(PlanError, match="buys DC products"):
        made(tender=change(TENDER, scope=AppliesWhen(current=("DC",))), of=profile(current=("AC",)))
    with pytest.raises(PlanError, match="private"):
        made(tender=change(TENDER, scope=AppliesWhen(site=("private",))), of=profile(sites=("public",)))


def test_what_the_tender_leaves_out_does_not_apply() -> None:
    """With the client's reason, by requirement or by criterion; its purposes do not run."""
    tender = change(TENDER, left_out={"PR-14": "not in the Netherlands", "SC-04.1": "later"})
    plan = made(tender=tender)
    assert not {"PR-14.1", "SC-04.1"} & applying(plan)
    assert "not in the Netherlands" in the(plan, "PR-14.1").reason
    assert (plan.runs[0].run, plan.runs[0].lacks, plan.runs[0].reason) == (
        False,
        "product",
        "this tender leaves it out: later",
    )


def test_the_tender_may_ask_more_or_less_strongly() -> None:
    """A wish instead of a must."""
    softer = change(TENDER, obligations={"BI-16": ObligationChange(of="BI-16", obligation=Obligation.WISH, reason="r")})
    assert the(made(tender=softer), "BI-16.1").obligation == "wish"


def test_a_purpose_for_a_backend_is_not_for_a_station() -> None:
    """Nor the other way round; nobody has to do anything about it, as long as the station has checks of its own."""
    plan = made(purpose(role="csms"), purpose("OCPP-K01.P009"))
    assert (plan.runs[0].lacks, plan.runs[0].move) == ("product", "")
    assert "csms" in plan.runs[0].reason


def test_what_binds_a_backend_and_is_tested_at_stations_alone_is_the_makers_move() -> None:
    """Nobody at the bench can do anything about a check that does not exist."""
    plan = made(purpose("OCPP-L01.P001", "SC-10.1"), of=profile(role="backend"))
    (run,) = plan.runs
    assert (run.lacks, run.run) == ("case", False) and "nothing tests for this yet" in run.reason
    assert run.move == "the makers of chargeproof"


def test_the_graph_criterion_names_what_it_follows_from() -> None:
    """Derived from families of requirements."""
    assert the(made(), "BI-16.4").all_of == ("SC", "PR")


def test_a_criterion_that_nothing_serves_says_so() -> None:
    """Not tested yet, and not silently passed."""
    assert the(made(), "BI-16.2").blocked == "no test case verifies it yet"
    assert the(made(), "SC-04.1").blocked is None
    assert the(made(purpose(), cases=()), "SC-04.1").blocked == "no test case serves it yet"
