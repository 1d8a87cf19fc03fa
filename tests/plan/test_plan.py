"""What applies, what runs, in which order, and why not."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pytest

from harness.plan import CaseInfo, Plan, PlanError, make_plan
from harness.profile import Profile, load_profile
from requirement_catalog import AppliesWhen, Catalogue, Tender, VerifiedBy, load_catalogue, load_tender
from requirement_catalog._tender import ObligationChange
from requirement_catalog._tender import Waiver as TenderWaiver

CATALOGUE: Catalogue = load_catalogue()
TENDER: Tender = load_tender(CATALOGUE, None)
change: Any = msgspec.structs.replace


def profile(pics: dict[str, Any] | None = None, **product: Any) -> Profile:
    """The emulated charger's profile, of another kind and with other declarations."""
    shipped, _ = load_profile("emulated")
    return change(shipped, product=change(shipped.product, **product), pics=shipped.pics if pics is None else pics)


def case(number: str = "a::one", *criteria: str, **more: Any) -> CaseInfo:
    """A case."""
    return CaseInfo(id=number, title="t", criteria=criteria or ("SC-04.2",), **{"needs": {}, **more})


def made(*cases: CaseInfo, of: Profile | None = None, tender: Tender = TENDER, **more: Any) -> Plan:
    """The plan."""
    return make_plan(CATALOGUE, tender, of or profile(), cases, evaluation_date="2026-11-22", **more)


def applying(plan: Plan) -> set[str]:
    """Ids of what applies."""
    return {c.id for c in plan.criteria if c.applies}


def why_not(plan: Plan, number: str) -> str:
    """Why a criterion does not apply."""
    return next(c.reason for c in plan.criteria if c.id == number and not c.applies)


def test_kinds_decide_what_applies() -> None:
    """DC, one-way, public only: each takes what is not its own out, and says so."""
    everything = applying(made())
    only_ac = made(of=profile(current=("AC",)))
    assert {"SC-08.1", "SC-07.7", "BI-19.1"} <= everything - applying(only_ac)
    assert "DC" in why_not(only_ac, "SC-08.1")
    one_way = made(of=profile(bidirectional=False))
    assert {c for c in everything if c.startswith("BI-")} == everything - applying(one_way)
    assert "bidirectional" in why_not(one_way, "BI-16.1")
    public = made(of=profile(sites=("public",)))
    assert {c for c in everything if c.startswith("PR-")} <= everything - applying(public)


def test_a_station_is_not_held_to_what_binds_the_backend() -> None:
    """SC-10 and SC-11 are the backend's."""
    plan = made()
    assert not {"SC-10.1", "SC-11.1"} & applying(plan)
    assert why_not(plan, "SC-10.1")
    backend = applying(made(of=profile(role="backend")))
    assert {"SC-10.1", "SC-11.1"} <= backend
    assert "SC-04.1" not in backend


def test_the_supplier_s_wish_does_not_decide_what_applies() -> None:
    """Declaring no changes nothing about applicability; the declaration is kept for the verdict."""
    plan = made(of=profile(pics={"v2x": False}))
    assert "BI-16.1" in applying(plan)
    assert next(c.declared for c in plan.criteria if c.id == "BI-16.1") == "no"


def test_the_tender_s_scope_narrows_the_product() -> None:
    """A product for public and private sites bought for public ones only; for one-way use only."""
    public = change(TENDER, scope=AppliesWhen(site=("public",)))
    assert not [c for c in applying(made(tender=public)) if c.startswith("PR-")]
    one_way = change(TENDER, scope=AppliesWhen(bidirectional=False))
    assert not [c for c in applying(made(tender=one_way)) if c.startswith("BI-")]


def test_a_product_outside_the_tender_s_scope_is_refused() -> None:
    """A tender for DC and a charger for AC: with next to nothing applicable it would be an easy GO."""
    direct = change(TENDER, scope=AppliesWhen(current=("DC",)))
    with pytest.raises(PlanError, match="buys DC products"):
        made(tender=direct, of=profile(current=("AC",)))
    private = change(TENDER, scope=AppliesWhen(site=("private",)))
    with pytest.raises(PlanError, match="private"):
        made(tender=private, of=profile(sites=("public",)))


def test_what_the_tender_leaves_out_does_not_apply() -> None:
    """With the client's reason; by requirement or by criterion."""
    plan = made(tender=change(TENDER, left_out={"PR-14": "not in the Netherlands", "SC-04.5": "later"}))
    assert not {"PR-14.1", "SC-04.5"} & applying(plan)
    assert "not in the Netherlands" in why_not(plan, "PR-14.1")


def test_the_tender_may_ask_more_or_less_strongly() -> None:
    """A wish instead of a must."""
    softer = change(TENDER, obligations={"BI-17": ObligationChange(of="BI-17", obligation="wish", reason="r")})
    plan = made(tender=softer)
    assert next(c.obligation for c in plan.criteria if c.id == "BI-17.1") == "wish"


def test_a_selection_takes_requirements_and_criteria() -> None:
    """And tells what there is when it does not know one."""
    plan = made(selection=("SC-04", "BI-17.1"))
    assert {c.requirement for c in plan.criteria} == {"SC-04", "BI-17"}
    assert [r.id for r in plan.requirements] == ["SC-04", "BI-17"]
    with pytest.raises(PlanError, match="SC-04"):
        made(selection=("SC-99",))


def test_a_case_for_an_unknown_criterion_is_refused() -> None:
    """A misspelt marker would otherwise verify nothing."""
    with pytest.raises(PlanError, match=r"SC-99\.1"):
        made(case("a::one", "SC-99.1"))


def test_what_may_change_the_charger_comes_last_and_firmware_after_all() -> None:
    """In the order in which they stand otherwise."""
    plan = made(
        case("a::disruptive", disruptive="why"),
        case("b::firmware", needs={"firmware": "newer"}, disruptive="why"),
        case("c::plain"),
        case("d::plain"),
    )
    assert [c.id for c in plan.cases] == ["c::plain", "d::plain", "a::disruptive", "b::firmware"]


def test_the_car_gets_ready_while_others_run_and_the_charger_changes_its_ocpp_once() -> None:
    """Sessions by ISO 15118 after what does without them; OCPP 2.0.1 after 2.1 and after what takes any."""
    plan = made(
        case("a::session", needs={"ocpp": "2.1", "ev": "iso15118"}),
        case("b::older", needs={"ocpp": "2.0.1"}),
        case("c::newer", needs={"ocpp": "2.1"}),
        case("d::any"),
    )
    assert [c.id for c in plan.cases] == ["c::newer", "d::any", "a::session", "b::older"]


def test_disruptive_cases_may_be_left_out() -> None:
    """And their criteria say so."""
    plan = made(case("a::one", disruptive="it reboots"), with_disruptive=False)
    assert not plan.cases[0].run
    assert "it reboots" in plan.cases[0].reason
    assert "it reboots" in str(next(c.blocked for c in plan.criteria if c.id == "SC-04.2"))


def test_the_estimate_counts_what_runs() -> None:
    """Two of three run."""
    plan = made(
        case("a::one", estimate_s=5.0), case("b::two", estimate_s=7.0), case("c::three", "SC-10.1", estimate_s=100.0)
    )
    assert plan.estimate_s == 12.0
    assert "applies" in plan.cases[2].reason


def test_the_estimate_grows_with_the_waits_that_the_client_agreed() -> None:
    """A case that waits twice for a dwell takes two dwells longer than its own seconds."""
    plan = made(case(estimate_s=3.0, waits={"setpoint.dwell": 2}))
    assert plan.estimate_s == 3.0 + 2 * plan.limits["setpoint.dwell"].value


@pytest.mark.parametrize(
    ("needs", "gone", "words"),
    [
        ({"station": "x"}, {"csms": None}, "no backend connection"),
        ({"bench": "meter pilot"}, {"bench": {}}, "no meter"),
        ({"bench": "meter"}, {"bench": {}, "operator": None}, "no meter and no operator"),
        ({"ev": "iso15118"}, {"ev": None}, "no car"),
        ({"operator": "any"}, {"operator": None}, "nobody is there"),
    ],
)
def test_what_is_missing_on_the_bench_is_said(needs: dict[str, str], gone: dict[str, Any], words: str) -> None:
    """The case does not run, and its criterion tells what was missing; it stays applicable."""
    shipped = profile()
    bare = change(shipped, pco=change(shipped.pco, **gone))
    plan = made(case(needs=needs), of=bare)
    assert not plan.cases[0].run
    blocked = next(c for c in plan.criteria if c.id == "SC-04.2")
    assert blocked.applies
    assert words in str(blocked.blocked)


def test_declared_no_keeps_its_cases_from_running() -> None:
    """A feature or a version that the charger is declared not to have."""
    plan = made(case(needs={"station": "v2x"}), of=profile(pics={"v2x": False}))
    assert "v2x" in plan.cases[0].reason
    plan = made(case(needs={"ocpp": "2.1"}), of=profile(pics={"ocpp_2_1": "no"}))
    assert "OCPP 2.1" in plan.cases[0].reason
    assert made(case(needs={"station": "v2x"}), of=profile(pics={})).cases[0].run


def test_a_criterion_is_blocked_only_when_none_of_its_cases_runs() -> None:
    """Another case that verifies it runs."""
    plan = made(case("a::one", needs={"station": "v2x"}), case("b::two"), of=profile(pics={"v2x": "no"}))
    assert next(c.blocked for c in plan.criteria if c.id == "SC-04.2") is None


def test_a_blocked_criterion_names_what_can_be_supplied_not_another_product_s_case() -> None:
    """An AC charger without a car on the bench lacks the car for BI-19.8; the DC case, not for it, is no reason."""
    only_ac = profile(current=("AC",))
    without_car = change(only_ac, pco=change(only_ac.pco, ev=None))
    dc = case("a::dc", "BI-19.8", needs={"product": "DC bidirectional", "ev": "iso15118"})
    ac = case("a::ac", "BI-19.8", needs={"product": "AC bidirectional", "ev": "iso15118"})
    blocked = {c.id: c.blocked for c in made(dc, ac, of=without_car).criteria}
    assert blocked["BI-19.8"] == "the bench has no car that speaks ISO 15118 (pco.ev)"
    assert {c.id: c.blocked for c in made(dc, of=only_ac).criteria}["BI-19.8"] == "the product is not for DC"


def test_a_test_criterion_without_a_case_says_so() -> None:
    """Not tested yet, and not silently passed."""
    plan = made()
    unverified = [c for c in plan.criteria if c.applies and c.verified_by is VerifiedBy.TEST]
    assert unverified
    assert all(c.blocked for c in unverified)


def test_the_plan_freezes_limits_waivers_and_date() -> None:
    """With the tender's decision rule on every limit."""
    given = TenderWaiver(
        criterion="SC-04.5",
        reason="r",
        signed_by="A. B.",
        dated=datetime.date(2026, 1, 1),
        until=datetime.date(2027, 1, 1),
    )
    plan = made(tender=change(TENDER, waivers=(given,)))
    assert plan.waivers[0].until == "2027-01-01"
    assert plan.evaluation_date == "2026-11-22"
    assert {limit.decision_rule for limit in plan.limits.values()} == {TENDER.decision_rule}
    assert plan.limits["SC-04.2"].value == plan.limits["setpoint.response_time"].value


def test_the_graph_criterion_names_what_it_follows_from() -> None:
    """BI-16.4 from the smart charging and the private requirements."""
    assert next(c.all_of for c in made().criteria if c.id == "BI-16.4") == ("SC", "PR")


def test_a_plan_survives_its_file() -> None:
    """Written and read again it is the same."""
    plan = made(case())
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
