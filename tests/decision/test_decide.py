"""GO, HOLD and SELECTION: what gates, what was interrupted, and that no evidence against ever helps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge import Verdict
from requirement_catalog import Depth, Obligation, Phase, VerifiedBy
from tests.decision._plans import (
    CASE,
    PURPOSE,
    criterion,
    decided,
    ended,
    explained,
    judged,
    one,
    plan,
    run,
    trace,
    waiver,
)

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SECOND = "OCPP-K01.P002"


def test_a_proven_criterion_is_a_go() -> None:
    """And nothing else is asked for."""
    result = decided(judged(PASS))
    assert result.decision == "GO"
    assert not result.reasons


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in (PASS, Verdict.NOT_APPLICABLE)])
def test_anything_less_is_a_hold_with_who_must_do_what(verdict: Verdict) -> None:
    """Each with its reason, in words, with an addressee and the purposes that it comes from."""
    result = decided(judged(verdict))
    assert result.decision == "HOLD"
    assert [(r.criterion, r.purposes) for r in result.reasons] == [("SC-04.1", (PURPOSE,))]
    assert result.reasons[0].who
    assert result.reasons[0].what


@pytest.mark.parametrize("obligation", list(Obligation))
@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("applies", [True, False])
def test_only_mandatory_acceptance_criteria_that_apply_gate(
    obligation: Obligation, phase: Phase, applies: bool
) -> None:
    """Beside a proven one, a failing one holds only when all three are so."""
    other = criterion("SC-05.1", obligation=obligation, phase=phase, applies=applies)
    result = decided(judged(PASS), judged(FAIL, SECOND), of=plan(criterion(), other))
    gates = obligation is Obligation.MANDATORY and phase is Phase.ACCEPTANCE and applies
    assert result.decision == ("HOLD" if gates else "GO")
    assert [c.criterion for c in result.continuing] == (["SC-05.1"] if phase is Phase.OPERATION and applies else [])


def test_nothing_that_gates_proves_nothing() -> None:
    """A plan in which no mandatory acceptance criterion applies is no GO."""
    assert decided(of=plan(criterion(applies=False))).decision == "HOLD"
    assert decided(judged(PASS), of=plan(criterion(obligation=Obligation.WISH))).decision == "HOLD"


@pytest.mark.parametrize("found", [PASS, FAIL])
def test_a_narrowed_run_is_a_selection_whatever_it_found(found: Verdict) -> None:
    """Never a GO; its reasons stand all the same, and by what it was narrowed."""
    result = decided(judged(found), of=plan(narrowed=("-r SC-04",)))
    assert (result.decision, result.partial, result.narrowed) == ("SELECTION", True, ("-r SC-04",))
    assert bool(result.reasons) is (found is FAIL)


def test_the_depth_and_what_lies_beyond_it_are_told() -> None:
    """As the plan has them."""
    result = decided(judged(PASS), of=plan(depth=Depth.SHORT, beyond=12))
    assert (result.depth, result.beyond) == (Depth.SHORT, 12)


def test_a_killed_campaign_is_no_go() -> None:
    """It never ended; what was proven until then is, but no decision follows."""
    result = decided(judged(PASS), seen=trace(f"run:{CASE}", ended=False))
    assert (result.decision, result.interrupted, result.partial) == ("HOLD", True, True)


def test_a_killed_rerun_of_a_finished_campaign_is_no_go() -> None:
    """The newest mark counts: run again, and not ended."""
    result = decided(judged(PASS), seen=trace(f"run:{CASE}", "campaign.ended", "campaign.rerun", ended=False))
    assert (result.decision, result.interrupted) == ("HOLD", True)
    result = decided(judged(PASS), seen=trace(f"run:{CASE}", "campaign.ended", "campaign.rerun"))
    assert (result.decision, result.interrupted) == ("GO", False)


def test_an_empty_trace_is_interrupted() -> None:
    """Not even begun."""
    assert decided(seen=trace(ended=False)[:0]).interrupted


@pytest.mark.parametrize("outcome", ["not_seen", "pending"])
def test_a_case_cut_short_leaves_a_pass_open(outcome: str) -> None:
    """It had claimed something before it ended early: what it would have claimed next nobody knows."""
    result = decided(judged(PASS), seen=trace(*ended(outcome)))
    assert one(result).verdict is INCONCLUSIVE
    assert result.purposes[0].cut
    assert "why" in result.reasons[0].why
    assert one(decided(judged(FAIL), seen=trace(*ended(outcome)))).verdict is FAIL


def test_what_was_stimulated_and_never_claimed_is_not_made_good_by_another_case() -> None:
    """Cut before its claim, its second case run on: it stays open until somebody says why, and it has run anew."""
    chosen = plan(runs=(run(), run(SECOND)))
    cut: list[Any] = [("case.started", {"case": CASE}), f"run:c::{SECOND}"]
    found = judged(PASS, SECOND, case=f"c::{SECOND}")
    assert decided(found, of=chosen, seen=trace(*cut)).decision == "HOLD"
    anew = ["campaign.ended", "campaign.rerun", f"run:{CASE}"]
    for marks, decision in (([], "HOLD"), ([explained()], "GO")):
        again = trace(*cut, *marks, *anew)
        assert decided(found, judged(PASS, run=2), of=chosen, seen=again).decision == decision


def test_a_harness_error_is_an_error_and_never_the_chargers() -> None:
    """Whatever it had claimed before; the finding is shown, the test engineer has to act, no waiver excuses it."""
    for found in (PASS, FAIL):
        result = decided(judged(found), seen=trace(*ended("error")), of=plan(waivers=(waiver(),)))
        assert (one(result).verdict, result.decision) == (Verdict.ERROR, "HOLD")
        assert result.reasons[0].who == "test engineer"
        assert result.purposes[0].findings


@pytest.mark.parametrize("first", ["error", "inconclusive"])
def test_a_good_second_run_settles_what_the_first_left_open_once_somebody_has_said_why(first: str) -> None:
    """Error, or inconclusive, then pass: whoever pulls a plug when it goes badly leaves just this behind."""
    before: list[Any] = ended("error") if first == "error" else [f"run:{CASE}"]
    found = [judged(PASS, run=2), *([judged(INCONCLUSIVE)] if first == "inconclusive" else [])]
    assert decided(*found, seen=trace(*before, f"run:{CASE}")).decision == "HOLD"
    assert decided(*found, seen=trace(*before, explained(), f"run:{CASE}")).decision == "GO"
    assert decided(*found, seen=trace(*before, f"run:{CASE}", explained())).decision == "GO"


def test_no_retry_washes_a_fail_away() -> None:
    """Failed once, passed then: it still failed, and both are shown."""
    seen = trace(f"run:{CASE}", f"run:{CASE}")
    result = decided(judged(FAIL, seen="16 A"), judged(PASS, run=2), seen=seen)
    assert one(result).verdict is FAIL
    assert "16 A" in one(result).why
    assert len(result.purposes[0].findings) == 2


def test_a_second_run_that_claims_nothing_settles_nothing() -> None:
    """The first run's pass does not speak for the second."""
    assert one(decided(judged(PASS), seen=trace(f"run:{CASE}", *ended("not_seen")))).verdict is INCONCLUSIVE


def test_errors_of_the_harness_are_told() -> None:
    """With the case in which they happened."""
    result = decided(judged(PASS), seen=trace(f"run:{CASE}", ("harness.error", {"case": "c", "detail": "d"})))
    assert result.harness_errors == ("c: d",)


# -- properties


VERDICTS = st.sampled_from(list(Verdict))


@given(st.lists(st.tuples(VERDICTS, st.booleans()), max_size=5), st.booleans())
def test_no_go_without_a_pass(found: list[tuple[Verdict, bool]], finished: bool) -> None:
    """Whatever was found: GO only when something that is no control passed, and nothing was worse."""
    findings = [judged(v, control=control) for v, control in found]
    result = decided(*findings, seen=trace(f"run:{CASE}", ended=finished))
    claims = [v for v, control in found if not control and v is not Verdict.NOT_APPLICABLE]
    proven = finished and bool(claims) and set(claims) == {PASS}
    assert (result.decision == "GO") is proven


@given(st.permutations([judged(PASS), judged(FAIL), judged(INCONCLUSIVE), judged(Verdict.ERROR)]))
def test_the_order_of_claims_does_not_matter(findings: list[Any]) -> None:
    """Decision, verdicts and reasons are the same."""
    result = decided(*findings)
    assert result.decision == "HOLD"
    assert one(result).verdict is FAIL
    assert [r.why for r in result.reasons] == ["seen to fail"]


@given(st.lists(VERDICTS, min_size=1, max_size=4), VERDICTS)
def test_more_evidence_against_never_helps(found: list[Verdict], more: Verdict) -> None:
    """Adding a claim that did not pass never turns HOLD into GO."""
    findings = [judged(v) for v in found]
    before, after = decided(*findings), decided(*findings, judged(more))
    if before.decision == "HOLD" and more not in (PASS, Verdict.NOT_APPLICABLE):
        assert after.decision == "HOLD"


OUTCOMES = st.sampled_from(["completed", "not_seen", "pending", ""])


@given(st.lists(st.tuples(VERDICTS, OUTCOMES), min_size=1, max_size=4))
def test_no_sequence_of_runs_washes_a_fail_away(runs: list[tuple[Verdict, str]]) -> None:
    """However often it is run again, cut or not: one fail that the harness did not cause is a fail."""
    marks = [mark for _, outcome in runs for mark in (ended(outcome) if outcome else ended("")[:1])]
    findings = [judged(verdict, run=number) for number, (verdict, _) in enumerate(runs, 1)]
    result = decided(*findings, seen=trace(*marks))
    if any(verdict is FAIL for verdict, _ in runs):
        assert one(result).verdict is FAIL
    if result.decision == "GO":
        assert runs[-1] == (PASS, "completed")


def test_a_charger_that_told_nothing_of_itself_is_no_go() -> None:
    """Papers and passes for somebody whom nobody saw are for nobody; one that proved who it is, is the control."""
    assert decided(judged(PASS)).decision == "GO"
    result = decided(judged(PASS), anonymous=True)
    assert result.decision == "HOLD" and "no charger told who it is" in result.reasons[0].why


def test_papers_alone_are_no_go_for_a_charger() -> None:
    """A tender that leaves every test out gets its papers judged, and no GO for a charger."""
    paper = criterion(verified_by=VerifiedBy.DOCUMENT_REVIEW)
    proven = judged(PASS, paper.id, case="document review")
    assert "no test of this charger ran" in decided(proven, of=plan(paper, runs=(), cases=())).reasons[-1].why
    beyond = plan(paper, runs=(run(PURPOSE, "SC-04.9"),))
    assert "no test of this charger ran" in decided(proven, judged(PASS), of=beyond).reasons[-1].why
    both = plan(paper, criterion("SC-04.2"), runs=(run(PURPOSE, "SC-04.2"),))
    assert decided(proven, judged(PASS), of=both).decision == "GO"


def test_one_waiver_excuses_nobody_from_telling_who_it_is() -> None:
    """A waived criterion beside one that was proven: the charger must have been there. All waived: nothing is asked."""
    denied = criterion("SC-04.2", declared="no")
    waivers = (waiver(of="SC-04.2"),)
    some = plan(criterion(), denied, waivers=waivers)
    result = decided(judged(PASS), of=some, anonymous=True)
    assert result.decision == "HOLD" and "no charger told who it is" in result.reasons[0].why
    assert decided(judged(PASS), of=some).decision == "GO"
    assert decided(of=plan(denied, waivers=waivers), anonymous=True).decision == "GO"


def test_a_waived_criterion_beside_papers_is_no_test() -> None:
    """A tender of papers and one waiver: nothing of the charger was seen."""
    paper = criterion(verified_by=VerifiedBy.DOCUMENT_REVIEW)
    proven = judged(PASS, paper.id, case="document review")
    asked = plan(paper, criterion("SC-04.2", declared="no"), runs=(), cases=(), waivers=(waiver(of="SC-04.2"),))
    assert "no test of this charger ran" in decided(proven, of=asked).reasons[-1].why


def test_the_weightiest_reason_stands_first() -> None:
    """What was seen to be wrong, then what was not shown, then papers: whoever reads two lines reads the right ones."""
    asked = (
        criterion("SC-04.1", verified_by=VerifiedBy.DOCUMENT_REVIEW),
        criterion("SC-04.2"),
        criterion("SC-04.3"),
    )
    first, second = "OCPP-G01.P001", "OCPP-G01.P002"
    runs = (run(first, "SC-04.2", case=CASE), run(second, "SC-04.3", case=CASE))
    result = decided(judged(FAIL, second), of=plan(*asked, runs=runs))
    assert [r.criterion for r in result.reasons] == ["SC-04.3", "SC-04.2", "SC-04.1"]
