"""What a purpose's result says for a criterion: proofs, waivers and stand-ins, a test for each row and each bound."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision._voices import VOICE
from harness.judge import Judged, Verdict
from harness.plan import Plan, PlannedRun
from tests.decision._plans import (
    CASE,
    PURPOSE,
    criterion,
    decided,
    ended,
    judged,
    one,
    plan,
    purpose,
    run,
    trace,
    under,
    waiver,
)

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
DEPUTY = "OCPP-K01.P007"


def test_each_row_has_its_test_here() -> None:
    """The rows, in order, and the tests below that name them."""
    assert [row.name for row in VOICE] == [
        "not applicable",  # test_what_does_not_apply_says_nothing
        "waived",  # test_a_waived_purpose_counts_as_proven
        "stood in for",  # test_a_stand_in_speaks_for_what_the_bench_kept_from_running
        "an unproven pass",  # test_a_pass_of_a_check_that_was_never_seen_red_proves_nothing
        "an unproven fail",  # test_a_fail_of_a_check_that_was_never_seen_red_does_not_count
        "its verdict",  # test_decide.py
    ]


def test_what_does_not_apply_says_nothing() -> None:
    """A service of another product beside one that holds."""
    result = decided(judged(PASS), of=plan(runs=(run(), run("OCPP-K01.P002", lacks="product"))))
    assert result.decision == "GO"
    assert one(result).purposes == (PURPOSE,)


def test_a_waived_purpose_counts_as_proven() -> None:
    """Its fail is shown, with the waiver; the criterion passes."""
    result = decided(judged(FAIL), of=plan(waivers=(waiver(of=PURPOSE, revision=1),)))
    assert result.decision == "GO"
    assert one(result).verdict is PASS
    assert (result.purposes[0].verdict, result.purposes[0].waived) == (FAIL, True)


def test_a_pass_of_a_check_that_was_never_seen_red_proves_nothing() -> None:
    """The criterion stays inconclusive; it is the makers' move, not the supplier's."""
    result = decided(judged(PASS), of=plan(purposes=(purpose(proven=False),)))
    assert one(result).verdict is INCONCLUSIVE
    assert "its check was never seen to turn red" in one(result).why
    assert result.reasons[0].who == "the makers of chargeproof"
    assert result.purposes[0].verdict is PASS


def test_a_fail_of_a_check_that_was_never_seen_red_does_not_count() -> None:
    """It is shown, and the criterion is neither passed nor failed by it."""
    result = decided(judged(FAIL), of=plan(purposes=(purpose(proven=False),)))
    assert one(result).verdict is INCONCLUSIVE
    assert result.purposes[0].verdict is FAIL


def stood_in(first: PlannedRun, *findings: Judged, deputy: PlannedRun | None = None, **more: Any) -> Any:
    """The result with P007, which stands in for P001 by name, run to its end."""
    second = deputy or run(DEPUTY)
    chosen: Plan = plan(
        runs=(first, second), purposes=(purpose(), purpose(DEPUTY, instead_of=(PURPOSE,))), **more.pop("plan", {})
    )
    marks = more.pop("marks", [])
    return decided(
        judged(PASS, DEPUTY, case=f"c::{DEPUTY}"), *findings, of=chosen, seen=trace(*marks, f"run:c::{DEPUTY}")
    )


def test_a_stand_in_speaks_for_what_the_bench_kept_from_running() -> None:
    """The criterion hears the stand-in alone."""
    result = stood_in(run(lacks="pco"))
    assert result.decision == "GO"
    assert one(result).purposes == (DEPUTY,)


@pytest.mark.parametrize(
    ("first", "findings", "marks"),
    [
        (run(lacks="choice"), (), ()),  # a person left it out
        (run(lacks="case"), (), ()),  # nobody wrote it
        (run(), (), ()),  # planned, and did not run
        (run(), (judged(FAIL),), (f"run:{CASE}",)),  # failed
        (run(), (), tuple(ended("not_seen"))),  # cut
        (run(), (judged(PASS),), (("case.started", {"case": CASE}),)),  # killed
        (run(lacks="pco"), (judged(FAIL),), (f"run:{CASE}",)),  # the bench came back, and it failed
        (run(lacks="pco"), (), tuple(ended("not_seen"))),
    ],
)
def test_a_stand_in_speaks_for_nothing_else(first: PlannedRun, findings: Any, marks: Any) -> None:
    """Never after a fail, a cut or a person's choice, and not for what was planned and did not run."""
    result = stood_in(first, *findings, marks=list(marks))
    assert result.decision == "HOLD"


def test_a_stand_in_speaks_only_for_what_it_names_and_serves() -> None:
    """Another purpose, another version of OCPP or another criterion is not its business."""
    other = run("OCPP-K01.P002", lacks="pco")
    assert stood_in(other).decision == "HOLD"
    versions = stood_in(run(lacks="pco", conditions=under("2.1")), deputy=run(DEPUTY, conditions=under("2.0.1")))
    assert versions.decision == "HOLD"
    two = (criterion(), criterion("SC-04.2"))
    chosen = plan(
        *two,
        runs=(run(PURPOSE, "SC-04.1", "SC-04.2", lacks="pco"), run(DEPUTY, "SC-04.1")),
        purposes=(purpose(), purpose(DEPUTY, instead_of=(PURPOSE,))),
    )
    result = decided(judged(PASS, DEPUTY, case=f"c::{DEPUTY}"), of=chosen, seen=trace(f"run:c::{DEPUTY}"))
    assert (one(result).verdict, one(result, "SC-04.2").verdict) == (PASS, INCONCLUSIVE)


def test_a_stand_in_that_could_not_run_either_leaves_the_criterion_open() -> None:
    """Neither was tested."""
    chosen = plan(
        runs=(run(lacks="pco"), run(DEPUTY, lacks="pco")), purposes=(purpose(), purpose(DEPUTY, instead_of=(PURPOSE,)))
    )
    assert decided(of=chosen, seen=trace()).decision == "HOLD"
