"""The table of truth for a criterion: one test for each row."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision._criterion import CRITERION
from harness.decision._known import Known
from harness.decision._purposes import settle
from harness.decision._table import ruling
from harness.decision._voices import Voice, voices
from harness.judge import Judged, Verdict
from requirement_catalog import Conformance, Phase, VerifiedBy
from tests.decision._plans import CASE, criterion, decided, judged, one, paper, plan, purpose, run, trace
from tests.decision.test_purposes import due

PASS, FAIL, INCONCLUSIVE, PENDING, ERROR, NOT_APPLICABLE = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.PENDING,
    Verdict.ERROR,
    Verdict.NOT_APPLICABLE,
)
NO = ("no", "the charger reports V2X = false")
BY_PAPER_TOO = criterion(also_by=(VerifiedBy.DOCUMENT_REVIEW,), blocked="no car")
ACCEPTED = criterion(
    also_by=(VerifiedBy.DOCUMENT_REVIEW,), blocked="no car", papers_accepted="measured by the certification body"
)
PAPERS_ONLY = criterion(verified_by=VerifiedBy.DOCUMENT_REVIEW)


def said(*findings: Judged, **more: Any) -> list[Voice]:
    """What one purpose says, by its findings and by what it lacks."""
    return voices("SC-04.1", settle(plan(), [due(*findings, **more)]))


DENIED = said(lacks="declared", ran=False)

KNOWN: dict[str, tuple[Known, Verdict, str]] = {
    "does not apply": (
        Known(criterion(applies=False, reason="DC only"), said(judged(FAIL))),
        NOT_APPLICABLE,
        "DC only",
    ),
    "declared unsupported, optional": (
        Known(criterion(declared="no", feature_optional=True), said(judged(PASS))),
        NOT_APPLICABLE,
        "leaves it optional",
    ),
    "declared unsupported": (Known(criterion(declared="no"), said(judged(PASS))), FAIL, "the tender obliges it"),
    "told unsupported, optional": (
        Known(criterion(feature_optional=True), said(judged(FAIL)), told=NO),
        NOT_APPLICABLE,
        "leaves it optional",
    ),
    "told unsupported": (Known(criterion(), (), told=NO), FAIL, "V2X = false, but the tender obliges it"),
    "seen to fail": (Known(criterion(), said(judged(FAIL)) + said(judged(ERROR))), FAIL, "seen to fail"),
    "the harness failed": (Known(criterion(), said(judged(ERROR)) + said(judged(INCONCLUSIVE))), ERROR, "error"),
    "all of it unsupported, optional": (
        Known(criterion(feature_optional=True), DENIED),
        NOT_APPLICABLE,
        "leaves it optional",
    ),
    "all of it unsupported": (Known(criterion(), DENIED), FAIL, "the tender obliges it"),
    "a paper, where the tender asks for a test": (
        Known(BY_PAPER_TOO, said(lacks="pco", ran=False), [paper(PASS)]),
        INCONCLUSIVE,
        "not tested: it lacks pco. A paper is at hand, and this tender accepts none in place of this test",
    ),
    "a paper, in place of a test": (
        Known(ACCEPTED, said(lacks="pco", ran=False), [paper(PASS)]),
        PASS,
        "not tested: no car); the tender accepts a paper: measured by the certification body",
    ),
    "a paper, for what cannot be tested": (
        Known(BY_PAPER_TOO, said(lacks="case", ran=False), [paper(PASS)]),
        PASS,
        "paper pass (proven by paper; not tested: no car)",
    ),
    "no paper": (Known(PAPERS_ONLY), PENDING, "no paper was reviewed"),
    "only in service": (Known(criterion(phase=Phase.OPERATION)), PENDING, "after go-live"),
    "nothing judged it": (Known(criterion()), INCONCLUSIVE, "no test purpose serves it yet"),
    "not all of it proven": (
        Known(criterion(), said(judged(PASS)) + said(judged(PENDING))),
        PENDING,
        "1 of 2 test purposes are not proven",
    ),
    "proven": (Known(criterion(), said(judged(PASS)) + said(judged(PASS))), PASS, "all 2 test purposes hold"),
}


@pytest.mark.parametrize("row", KNOWN)
def test_a_criterion(row: str) -> None:
    """Each row of the table, reached by facts that fit no row above it."""
    facts, verdict, words = KNOWN[row]
    found = ruling(CRITERION, facts)
    assert (found.row, found.verdict) == (row, verdict)
    assert words in found.why


def test_each_row_has_its_test() -> None:
    """So that no row is added without one."""
    assert [row.name for row in CRITERION] == list(KNOWN)


@pytest.mark.parametrize(
    ("declared", "optional", "found", "verdict"),
    [
        ("yes", False, PASS, PASS),
        ("yes", True, FAIL, FAIL),
        ("no", False, PASS, FAIL),
        ("no", True, FAIL, NOT_APPLICABLE),
        ("undeclared", False, PASS, PASS),
        ("undeclared", True, FAIL, FAIL),
        ("undeclared", False, INCONCLUSIVE, INCONCLUSIVE),
        (None, False, PASS, PASS),
    ],
)
def test_what_the_supplier_declares(declared: str | None, optional: bool, found: Verdict, verdict: Verdict) -> None:
    """No to what the tender obliges fails, to what the standard leaves optional does not apply; else it is tested."""
    chosen = criterion(feature="v2x", declared=declared, feature_optional=optional)
    assert one(decided(judged(found), of=plan(chosen))).verdict is verdict


def test_what_is_denied_is_the_supplier_s_to_deliver() -> None:
    """A product that supports it, or a waiver of the client's."""
    reason = decided(of=plan(runs=(run(lacks="declared"),)), seen=trace()).reasons[0]
    assert reason.who == "supplier"
    assert "deliver a product" in reason.what


def test_denied_in_part_is_proven_by_the_rest() -> None:
    """A charger that takes limits in watts only is tested in watts."""
    runs = (run(), run("OCPP-K01.P002", lacks="declared"))
    assert decided(judged(PASS), of=plan(runs=runs)).decision == "GO"


def test_all_of_it_optional_by_the_standard_does_not_apply() -> None:
    """Each of the purposes that were denied is optional."""
    chosen = plan(runs=(run(lacks="declared"),), purposes=(purpose(conformance=Conformance.OPTIONAL),))
    assert one(decided(of=chosen, seen=trace())).verdict is NOT_APPLICABLE


def by_paper(*runs: Any, seen: Any = None, of: Any = ACCEPTED, **more: Any) -> Verdict:
    """The verdict with a good paper, where D5.4 allows it beside a test; by default the tender accepts it too."""
    findings = more.pop("findings", ())
    return one(decided(paper(PASS), *findings, of=plan(of, runs=runs), seen=seen or trace())).verdict


def test_a_paper_speaks_for_what_cannot_be_tested() -> None:
    """Nobody wrote the case yet, or the tender accepts it where the bench lacks something; else it proves nothing."""
    assert by_paper(run(lacks="pco")) is PASS
    assert by_paper(run(lacks="case")) is PASS
    assert by_paper(run(lacks="case"), of=BY_PAPER_TOO) is PASS
    assert by_paper(run(lacks="pco"), of=BY_PAPER_TOO) is INCONCLUSIVE
    two = (run(lacks="case"), run("OCPP-K01.P002", lacks="pco"))
    assert by_paper(*two) is PASS and by_paper(*two, of=BY_PAPER_TOO) is INCONCLUSIVE
    assert one(decided(paper(PASS), of=plan(runs=(run(lacks="pco"),)), seen=trace())).verdict is INCONCLUSIVE


def test_who_may_cure_a_test_that_the_bench_kept_from_running() -> None:
    """The test engineer by running it, the client by accepting a paper: nobody else, and the reason says so."""
    result = decided(paper(PASS), of=plan(BY_PAPER_TOO, runs=(run(lacks="pco"),)), seen=trace())
    reason = result.reasons[0]
    assert (result.decision, reason.who) == ("HOLD", "test engineer")
    assert "supply what was missing" in reason.what and "accept_papers_for: [{of: SC-04.1" in reason.what


@pytest.mark.parametrize(("lost", "words"), [(True, "bring the charger back"), (False, "supply what was missing")])
def test_a_lost_charger_is_told_with_its_cure(lost: bool, words: str) -> None:
    """Nothing is missing at the bench: the charger is to be brought back, and the case run again."""
    over = {"case": CASE, "outcome": "not_seen", "detail": "why", "begun": True, "lost": lost}
    result = decided(of=plan(), seen=trace(("case.started", {"case": CASE}), ("case.ended", over)))
    reason = next(r for r in result.reasons if r.criterion)
    assert (reason.verdict, reason.who) == (INCONCLUSIVE, "test engineer") and words in reason.what


def test_a_paper_that_fails_is_no_test_either() -> None:
    """Where the tender asks for a test, a bad paper neither fails the charger nor stands for it."""
    bad = paper(FAIL)
    kept = (run(lacks="pco"),)
    assert one(decided(bad, of=plan(BY_PAPER_TOO, runs=kept), seen=trace())).verdict is INCONCLUSIVE
    assert one(decided(bad, of=plan(ACCEPTED, runs=kept), seen=trace())).verdict is FAIL


def test_a_paper_does_not_speak_over_a_test() -> None:
    """Not over a fail, a cut, a person's choice, or a run that was planned and did not happen."""
    assert by_paper(run(), findings=(judged(FAIL),), seen=trace("run:sc04::a_case")) is FAIL
    assert by_paper(run(), seen=trace(("case.started", {"case": "sc04::a_case"}))) is INCONCLUSIVE
    assert by_paper(run(lacks="choice")) is INCONCLUSIVE
    assert by_paper(run()) is INCONCLUSIVE


def test_a_paper_that_is_missing_proves_nothing_in_words_either() -> None:
    """Neither paper nor test: the reason names both, and does not call it proven."""
    result = decided(paper(PENDING), of=plan(BY_PAPER_TOO, runs=(run(lacks="case"),)), seen=trace())
    assert one(result).why.endswith("(not tested either: no car)")
    assert one(result).verdict is PENDING


def test_a_paper_is_how_some_are_proven() -> None:
    """With no test at all; what proved it is said."""
    result = decided(paper(PASS), of=plan(PAPERS_ONLY, runs=()), seen=trace())
    assert (one(result).verdict, one(result).proven_by, one(result).why) == (PASS, "document_review", "paper pass")


def test_a_log_speaks_for_a_criterion() -> None:
    """A claim about the criterion itself, beside no purpose; a control of it proves nothing."""
    chosen = plan(criterion(phase=Phase.OPERATION, verified_by=VerifiedBy.LOG_ANALYSIS), runs=())
    log = judged(INCONCLUSIVE, "SC-04.1", case="log analysis", seen="97 %")
    assert one(decided(log, of=chosen)).verdict is INCONCLUSIVE
    assert one(decided(log, of=chosen)).why == "97 %"
    control = judged(PASS, "SC-04.1", case="log analysis", control=True)
    assert one(decided(control, of=plan(runs=()))).verdict is INCONCLUSIVE


def test_the_worst_purposes_come_first() -> None:
    """So that a criterion with 300 of them is read from its head."""
    runs = tuple(run(f"OCPP-K01.P{n:03}", case="sc04::a_case") for n in (1, 2, 3))
    found = [judged(v, f"OCPP-K01.P{n:03}") for n, v in ((1, PASS), (2, INCONCLUSIVE), (3, FAIL))]
    assert one(decided(*found, of=plan(runs=runs))).purposes == ("OCPP-K01.P003", "OCPP-K01.P002", "OCPP-K01.P001")
