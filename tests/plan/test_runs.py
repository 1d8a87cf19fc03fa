"""Which runs a depth asks for: versions, services, directions, EVSEs, and the criteria that each serves."""

from __future__ import annotations

from harness.judge import Conditions
from harness.plan import Plan
from requirement_catalog import Depth, Needs
from tests.plan._small import CAR, bench, case, change, made, only_run, profile, purpose, runs, the, when

BOTH = ("2.1", "2.0.1")
SERVICES = ("DC_BPT/Dynamic", "AC_BPT/Dynamic")


def under(plan: Plan, of: str | None = None) -> list[str]:
    """The conditions of the runs, as they are printed."""
    return [str(run.conditions) for run in runs(plan, of)]


def test_a_version_that_does_not_matter_is_run_once() -> None:
    """Nor services or directions, and no EVSE where no car and no instrument is needed."""
    assert only_run(made()).conditions == Conditions()


def test_short_proves_each_criterion_once() -> None:
    """The preferred version is enough, unless another one serves another criterion."""
    assert under(made(purpose(versions=BOTH), depth=Depth.SHORT)) == ["OCPP 2.1"]
    split = purpose("OCPP-A00.P001", when("SC-04.1", version="2.0.1"), when("BI-16.2", version="2.1"), versions=BOTH)
    plan = made(split, depth=Depth.SHORT)
    assert [(run.conditions.version, run.serves) for run in plan.runs] == [
        ("2.1", ("BI-16.2",)),
        ("2.0.1", ("SC-04.1",)),
    ]


def test_short_skips_what_serves_nothing_applicable() -> None:
    """With the one criterion of its preferred version out of the tender, the other version is run."""
    split = purpose("OCPP-A00.P001", when("SC-04.1", version="2.0.1"), when("BI-16.2", version="2.1"), versions=BOTH)
    assert under(made(split, depth=Depth.SHORT, of=profile(bidirectional=False))) == ["OCPP 2.0.1"]


def test_short_takes_a_version_that_our_backend_offers() -> None:
    """One version is asked for, whichever; a bench that offers the older only is good enough."""
    shipped = profile()
    assert shipped.pco.csms is not None
    older = bench(csms=change(shipped.pco.csms, versions=("ocpp2.0.1",)))
    assert under(made(purpose(versions=BOTH), depth=Depth.SHORT, of=older)) == ["OCPP 2.0.1"]
    first, second = made(purpose(versions=BOTH), of=older).runs
    assert (first.lacks, second.run) == ("pco", True)


def test_acceptance_takes_every_declared_version_and_service() -> None:
    """At one EVSE; a run that serves no criterion of its conditions is beyond the tender, and run."""
    plan = made(purpose(versions=BOTH, services=SERVICES, needs=CAR))
    assert under(plan) == [
        "OCPP 2.1, EVSE 1, DC_BPT/Dynamic",
        "OCPP 2.1, EVSE 1, AC_BPT/Dynamic",
        "OCPP 2.0.1, EVSE 1, DC_BPT/Dynamic",
        "OCPP 2.0.1, EVSE 1, AC_BPT/Dynamic",
    ]
    older_only = made(purpose("OCPP-B01.P002", when("SC-04.1", version="2.0.1"), versions=BOTH))
    assert [(run.conditions.version, run.serves, run.run) for run in older_only.runs] == [
        ("2.1", (), True),
        ("2.0.1", ("SC-04.1",), True),
    ]


def test_what_the_charger_is_declared_not_to_speak_is_not_run() -> None:
    """Where another version serves the same criterion nothing is missed; where none does, the supplier is named."""
    older = profile(pics={"ocpp_2_1": "no"})
    assert under(made(purpose(versions=BOTH), of=older)) == ["OCPP 2.0.1"]
    found = only_run(made(purpose(versions=("2.1",)), of=older))
    assert (found.lacks, found.move, found.serves) == ("declared", "supplier", ("SC-04.1",))
    assert "OCPP 2.1" in found.reason


def test_a_service_of_another_kind_of_product_is_not_run() -> None:
    """An AC charger discharges by AC only; a one-way one not at all."""
    plan = made(purpose(services=SERVICES), of=profile(current=("AC",)))
    assert under(plan) == ["AC_BPT/Dynamic"]
    assert only_run(made(purpose(services=SERVICES[:1]), of=profile(current=("AC",)))).lacks == "product"
    assert runs(made(purpose(services=SERVICES), of=profile(bidirectional=False)))[0].lacks == "product"
    assert only_run(made(purpose(directions=("export",)), of=profile(bidirectional=False))).lacks == "product"


def test_a_service_declared_unsupported_is_not_run() -> None:
    """By its name and by its control mode."""
    plan = made(purpose(services=SERVICES), of=profile(pics={"dc_bpt": "no"}))
    assert under(plan) == ["AC_BPT/Dynamic"]
    scheduled = made(purpose(services=("DC_BPT/Scheduled",)), of=profile(pics={"scheduled_control": "no"}))
    assert "scheduled control" in only_run(scheduled).reason


def test_the_evse_counts_where_a_car_or_an_instrument_does() -> None:
    """Of the profile's EVSE; 0 elsewhere."""
    here = change(profile(), pixit=change(profile().pixit, evse_id=2))
    assert only_run(made(purpose(needs=CAR), of=here)).conditions.evse == 2
    assert only_run(made(purpose(needs=Needs(bench=("light",))), of=here)).conditions.evse == 2
    assert only_run(made(purpose(), of=here)).conditions.evse == 0


def test_thorough_takes_every_evse() -> None:
    """Those that the profile names, the one it starts with first; what is about none is run once."""
    both = change(profile(), pixit=change(profile().pixit, evse_id=2, evses=(1, 2)))
    deep = purpose(needs=CAR)
    assert [run.conditions.evse for run in made(deep, of=both, depth=Depth.THOROUGH).runs] == [2, 1]
    assert [c.id for c in made(deep, of=both, depth=Depth.THOROUGH).cases] == ["a::p001@EVSE 1", "a::p001@EVSE 2"]
    assert len(made(deep, of=both).runs) == 1
    assert len(made(purpose(), of=both, depth=Depth.THOROUGH).runs) == 1


def test_what_needs_two_evses_is_not_for_a_product_with_one() -> None:
    """Nobody can supply the second one."""
    two = purpose(needs=Needs(car="any", bench=("pilot",), evses=2))
    assert only_run(made(two)).lacks == "product"
    assert only_run(made(two, of=change(profile(), pixit=change(profile().pixit, evses=(1, 2))))).run


def test_a_feature_declared_no_keeps_a_purpose_from_running() -> None:
    """By its PICS expression; undeclared it is run."""
    chosen = purpose(applies="smart_charging and not v2x")
    found = only_run(made(chosen, of=profile(pics={"smart_charging": "no"})))
    assert (found.run, found.lacks, found.move) == (False, "declared", "supplier")
    assert "smart charging" in found.reason
    assert only_run(made(chosen, of=profile(pics={}))).run


def test_deeper_purposes_are_counted_and_not_run() -> None:
    """Those for this product only."""
    deep = purpose("OCPP-K01.P002", "SC-04.2", depth=Depth.THOROUGH)
    plan = made(purpose(), deep)
    assert plan.beyond == 1
    assert [p.id for p in plan.purposes] == ["OCPP-K01.P001"]
    assert made(purpose(), deep, depth=Depth.THOROUGH).beyond == 0
    assert made(purpose(), change(deep, applies="v2x"), of=profile(pics={"v2x": "no"})).beyond == 0


def test_a_purpose_that_serves_no_criterion_is_beyond_the_tender_and_run() -> None:
    """Once at depth short, under all conditions deeper."""
    free = change(purpose(versions=BOTH), serves=())
    assert [(run.serves, run.run) for run in made(free, depth=Depth.SHORT).runs] == [((), True)]
    assert len(made(free).runs) == 2


def test_purposes_of_one_case_run_together() -> None:
    """What serves a criterion in both versions drags the other along: the case runs them anyway."""
    split = purpose("OCPP-A00.P001", when("SC-04.1", version="2.0.1"), when("BI-16.2", version="2.1"), versions=BOTH)
    once = purpose("OCPP-A00.P002", "SC-04.2", versions=BOTH)
    plan = made(split, once, cases=(case("a::both", split.id, once.id),), depth=Depth.SHORT)
    assert under(plan, once.id) == ["OCPP 2.1", "OCPP 2.0.1"]
    assert [c.id for c in plan.cases] == ["a::both@2.1", "a::both@2.0.1"]


def test_a_criterion_is_blocked_only_when_nothing_runs_for_it() -> None:
    """Another purpose that serves it runs."""
    lost, kept = purpose(applies="v2x"), purpose("OCPP-K01.P002")
    here = profile(pics={"v2x": "no"})
    assert the(made(lost, kept, of=here), "SC-04.1").blocked is None
    assert "v2x" in str(the(made(lost, of=here), "SC-04.1").blocked)


def test_a_blocked_criterion_names_what_can_be_supplied_not_another_product() -> None:
    """An AC charger without a car on the bench lacks the car; the DC session, not for it, is no reason."""
    only_ac = bench(profile(current=("AC",)), ev=None)
    needs = Needs(car="iso15118", bench=("pilot", "meter"))
    dc = purpose("I20-V2G.P001", services=SERVICES[:1], needs=needs)
    ac = purpose("I20-V2G.P002", services=SERVICES[1:], needs=needs)
    assert the(made(dc, ac, of=only_ac), "SC-04.1").blocked == "the bench has no car that speaks ISO 15118 (pco.ev)"
    assert the(made(dc, of=only_ac), "SC-04.1").blocked == "the product is not for DC"
