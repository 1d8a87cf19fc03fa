"""The table of truth for a purpose under its conditions: one test for each row."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision._purposes import DUE, Due, attempts
from harness.decision._table import ruling
from harness.decision.identity._elsewhere import Elsewhere
from harness.decision.runs._attempts import CaseRun
from harness.judge import Judged, Verdict
from requirement_catalog import Conformance
from tests.decision._plans import CASE, PURPOSE, criterion, decided, judged, one, plan, purpose, run, trace, under

PASS, FAIL, INCONCLUSIVE, NOT_APPLICABLE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
NO = ("no", "the charger reports V2X = false")


def due(*findings: Judged, lacks: str = "", ran: bool = True, optional: bool = False, **more: Any) -> Due:
    """A run of the plan, run to its end with these findings."""
    about = purpose(conformance=Conformance.OPTIONAL if optional else Conformance.MANDATORY)
    runs = [CaseRun(CASE, 1, 1, "completed")] if ran else []
    return Due(
        run=run(lacks=lacks), purpose=about, history=attempts(runs, findings, run(), Elsewhere(plan(), trace())), **more
    )


DUES: dict[str, tuple[Due, Verdict, str]] = {
    "for another product": (due(lacks="product", ran=False), NOT_APPLICABLE, "product"),
    "not at this EVSE": (due(lacks="evse", ran=False), NOT_APPLICABLE, "evse"),
    "owed at every EVSE": (due(lacks="owed", ran=False), FAIL, "owed"),
    "a stand-in that is not needed": (due(lacks="stand-in", ran=False), NOT_APPLICABLE, "stand-in"),
    "declared unsupported": (due(judged(FAIL), lacks="declared"), NOT_APPLICABLE, "declared unsupported"),
    "told unsupported": (due(judged(FAIL), told=NO, declared="undeclared"), NOT_APPLICABLE, "V2X"),
    "optional, declared by nobody, and failed": (
        due(judged(FAIL), optional=True, declared="undeclared"),
        INCONCLUSIVE,
        "declare yes or no",
    ),
    "could not run": (due(lacks="pco", ran=False), INCONCLUSIVE, "it lacks pco"),
    "its attempts": (due(judged(FAIL), optional=True), FAIL, "seen to fail"),
}


@pytest.mark.parametrize("row", DUES)
def test_a_purpose(row: str) -> None:
    """Each row of the table, reached by facts that fit no row above it."""
    facts, verdict, words = DUES[row]
    said = ruling(DUE, facts)
    assert (said.row, said.verdict) == (row, verdict)
    assert words in said.why


def test_each_row_has_its_test() -> None:
    """So that no row is added without one."""
    assert [row.name for row in DUE] == list(DUES)


def test_what_was_seen_to_work_outweighs_what_the_device_model_says() -> None:
    """It reports that it cannot, and does it."""
    assert ruling(DUE, due(judged(PASS), told=NO, declared="undeclared")).verdict is PASS


@pytest.mark.parametrize(
    ("declared", "told", "refused"),
    [("undeclared", None, True), ("undeclared", ("yes", "it says so"), False), ("yes", None, False)],
)
def test_what_a_charger_may_refuse_and_nobody_declared_is_the_supplier_s_to_say(
    declared: str, told: tuple[str, str] | None, refused: bool
) -> None:
    """A control that did not hold says why nothing was shown; it is no cut."""
    control = judged(INCONCLUSIVE, seen="it was answered Rejected", control=True)
    each = due(control, declared=declared, told=told)
    assert each.refused is refused
    assert each.history.last.ruling.row == "a control alone" and "it was answered Rejected" in each.by_trace.why
    assert "cut" not in each.by_trace.why and not each.history.last.cut
    assert not due(judged(FAIL), declared=declared).refused


@pytest.mark.parametrize("lacks", ["pco", "case", "choice"])
def test_what_could_not_run_and_ran_all_the_same_is_judged(lacks: str) -> None:
    """A fail in the trace is not hidden by a plan that did not mean to run it."""
    assert ruling(DUE, due(judged(FAIL), lacks=lacks)).verdict is FAIL


def test_a_case_that_cannot_run_leaves_its_criterion_open() -> None:
    """A profile without a pilot, a charger that says nothing of its status: SC-09.2 is not proven by what did run."""
    chosen = plan(
        criterion("SC-09.2"),
        runs=(run("OCPP-G01.P001", "SC-09.2", case=CASE), run("OCPP-G01.P002", "SC-09.2", lacks="pco")),
    )
    result = decided(judged(PASS, "OCPP-G01.P001"), of=chosen)
    assert one(result, "SC-09.2").verdict is INCONCLUSIVE
    assert result.reasons[0].why == "OCPP-G01.P002: it lacks pco; 1 of 2 test purposes are not proven"
    assert result.reasons[0].who == "test engineer"


def test_one_of_400_cases_is_no_proof() -> None:
    """The reason names how many are open."""
    runs = tuple(run(f"OCPP-K01.P{n:03}", case=f"c::{n}") for n in range(1, 401))
    result = decided(judged(PASS, "OCPP-K01.P001", case="c::1"), of=plan(runs=runs), seen=trace("run:c::1"))
    assert one(result).verdict is INCONCLUSIVE
    assert one(result).why.endswith("it was planned and did not run; 399 of 400 test purposes are not proven")


def test_results_are_apart_by_conditions() -> None:
    """Good in one version of OCPP, bad in the other: two results, and the worse counts."""
    runs = (run(conditions=under("2.1"), case="c@2.1"), run(conditions=under("2.0.1"), case="c@2.0.1"))
    result = decided(
        judged(PASS, case="c@2.1", conditions=under("2.1")),
        judged(FAIL, case="c@2.0.1", conditions=under("2.0.1")),
        of=plan(runs=runs),
        seen=trace("run:c@2.1", "run:c@2.0.1"),
    )
    assert [(p.label, p.verdict) for p in result.purposes] == [
        (f"{PURPOSE} (OCPP 2.1)", PASS),
        (f"{PURPOSE} (OCPP 2.0.1)", FAIL),
    ]
    assert one(result).verdict is FAIL
    assert one(result).why.startswith(f"{PURPOSE} (OCPP 2.0.1): ")


def test_two_cases_of_one_purpose_are_one_result() -> None:
    """The worse of both; one that did not run leaves it open."""
    runs = (run(case="c::1"), run(case="c::2"))
    both = trace("run:c::1", "run:c::2")
    assert decided(judged(PASS, case="c::1"), judged(PASS, case="c::2"), of=plan(runs=runs), seen=both).decision == "GO"
    half = decided(judged(PASS, case="c::1"), of=plan(runs=runs), seen=trace("run:c::1"))
    assert (len(half.purposes), one(half).verdict) == (1, INCONCLUSIVE)


def test_what_is_beyond_the_tender_is_shown_and_never_gates() -> None:
    """Planned for no criterion, or claimed and not planned at all."""
    runs = (run(), run("OCPP-K01.P002", case=CASE, serves=()))
    result = decided(judged(PASS), judged(FAIL, "OCPP-K01.P002"), judged(FAIL, "OCPP-X01.P001"), of=plan(runs=runs))
    assert result.decision == "GO"
    assert {p.purpose: p.verdict for p in result.purposes if not p.serves} == {
        "OCPP-K01.P002": FAIL,
        "OCPP-X01.P001": FAIL,
    }


def test_a_claim_from_elsewhere_does_not_silence_a_planned_one() -> None:
    """A purpose that another case claimed too keeps serving its criterion."""
    result = decided(judged(PASS), judged(INCONCLUSIVE, case="another"), seen=trace(f"run:{CASE}", "run:another"))
    assert one(result).verdict is INCONCLUSIVE


def spoken(version: str) -> tuple[str, dict[str, Any]]:
    """The charger connects by a version of OCPP."""
    return "ocpp.connection", {"who": "dut", "state": "open", "subprotocol": f"ocpp{version}"}


@pytest.mark.parametrize(
    ("claimed", "marks", "verdict"),
    [
        ("2.0.1", ["2.0.1"], PASS),
        ("2.0.1", ["2.1", "2.0.1"], PASS),
        ("2.0.1", [], PASS),  # nothing is known of it: the judges have spoken
        ("2.0.1", ["2.1"], INCONCLUSIVE),
        ("2.1", ["2.0.1"], INCONCLUSIVE),
    ],
)
def test_what_ran_under_other_conditions_proves_nothing(claimed: str, marks: list[str], verdict: Verdict) -> None:
    """A case planned for 2.0.1 that was run for 2.1, or with a charger that spoke 2.1; a fail stays a fail."""
    chosen = plan(runs=(run(conditions=under("2.0.1")),))
    seen = trace(*(spoken(v) for v in marks), f"run:{CASE}")
    good = judged(PASS, conditions=under(claimed), seq=len(seen))
    assert one(decided(good, of=chosen, seen=seen)).verdict is verdict
    bad = judged(FAIL, conditions=under(claimed), seq=len(seen))
    assert one(decided(bad, of=chosen, seen=seen)).verdict is FAIL
