"""GO and HOLD: what gates, what is proven, what was interrupted, run again, or follows from other criteria."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge import Verdict
from requirement_catalog import Obligation, Phase, VerifiedBy
from tests.decision._plans import CASE, criterion, decided, ended, judged, plan, trace, waiver

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
OTHER = "sc05::another"


def test_a_proven_criterion_is_a_go() -> None:
    """And nothing else is asked for."""
    result = decided(judged(PASS))
    assert result.decision == "GO"
    assert not result.reasons


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in (PASS, Verdict.NOT_APPLICABLE)])
def test_anything_less_is_a_hold_with_who_must_do_what(verdict: Verdict) -> None:
    """Each with its reason, in words and with an addressee."""
    result = decided(judged(verdict))
    assert result.decision == "HOLD"
    assert [r.criterion for r in result.reasons] == ["SC-04.1"]
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
    result = decided(judged(PASS), judged(FAIL, "SC-05.1"), of=plan(criterion(), other))
    gates = obligation is Obligation.MANDATORY and phase is Phase.ACCEPTANCE and applies
    assert result.decision == ("HOLD" if gates else "GO")
    assert [c.criterion for c in result.continuing] == (["SC-05.1"] if phase is Phase.OPERATION and applies else [])


def test_nothing_that_gates_proves_nothing() -> None:
    """A plan in which no mandatory acceptance criterion applies is no GO."""
    assert decided(of=plan(criterion(applies=False))).decision == "HOLD"
    assert decided(judged(PASS), of=plan(criterion(obligation=Obligation.WISH))).decision == "HOLD"


@pytest.mark.parametrize(
    ("declared", "optional", "found", "verdict"),
    [
        ("yes", False, PASS, PASS),
        ("yes", True, FAIL, FAIL),
        ("yes", False, None, INCONCLUSIVE),
        ("no", False, None, FAIL),
        ("no", True, None, Verdict.NOT_APPLICABLE),
        ("no", False, PASS, FAIL),
        ("undeclared", False, PASS, PASS),
        ("undeclared", True, FAIL, FAIL),
        ("undeclared", False, None, INCONCLUSIVE),
        ("undeclared", True, None, INCONCLUSIVE),
        (None, False, PASS, PASS),
        (None, False, None, INCONCLUSIVE),
    ],
)
def test_what_the_supplier_declares(
    declared: str | None, optional: bool, found: Verdict | None, verdict: Verdict
) -> None:
    """No to what the tender obliges fails, to what the standard leaves optional does not apply; else it is tested."""
    chosen = criterion(feature="v2x", declared=declared, feature_optional=optional)
    findings = [judged(found)] if found is not None else []
    result = decided(*findings, of=plan(chosen))
    assert result.requirements[0].criteria[0].verdict is verdict


def reported(value: str) -> tuple[str, dict[str, Any]]:
    """The charger reports V2XChargingCtrlr.Enabled."""
    item = (
        '{"component":{"name":"V2XChargingCtrlr"},"variable":{"name":"Enabled"},"variableAttribute":[{"value":"%s"}]}'
    )
    raw = '[2,"1","NotifyReport",{"requestId":1,"reportData":[' + item % value + "]}]"
    return "ocpp.frame", {"dir": "in", "type": 2, "id": "1", "action": "NotifyReport", "raw": raw, "errors": []}


@pytest.mark.parametrize(
    ("value", "optional", "found", "verdict"),
    [
        ("false", False, None, FAIL),
        ("false", True, None, Verdict.NOT_APPLICABLE),
        ("false", False, PASS, PASS),
        ("false", True, FAIL, Verdict.NOT_APPLICABLE),
        ("true", False, None, INCONCLUSIVE),
        ("true", True, FAIL, FAIL),
    ],
)
def test_what_nobody_declared_the_charger_itself_may_tell(
    value: str, optional: bool, found: Verdict | None, verdict: Verdict
) -> None:
    """Its device model says that it cannot: the same as a declared no; but what was seen to work works."""
    more = {"told_by": ("V2XChargingCtrlr.Enabled",), "told_when": "true", "feature_optional": optional}
    chosen = criterion(feature="v2x", declared="undeclared", **more)
    findings = [judged(found)] if found is not None else []
    result = decided(*findings, of=plan(chosen), seen=trace(reported(value), f"run:{CASE}"))
    assert result.requirements[0].criteria[0].verdict is verdict


@pytest.mark.parametrize(
    "payload",
    ['{"reportData":5}', '{"reportData":[7,{"variableAttribute":"x"}]}', '{"reportData":[{"component":[]}]}', "[]"],
)
def test_a_report_that_is_none_never_ends_the_decision(payload: str) -> None:
    """What a charger sends may be anything: it tells nothing then, and a judge says that it breaks OCPP."""
    kind, data = reported("true")
    asked = criterion(told_by=("V2XChargingCtrlr.Enabled",), told_when="true", declared="undeclared")
    rubbish = (kind, {**data, "raw": f'[2,"1","NotifyReport",{payload}]'})
    assert decided(of=plan(asked), seen=trace(rubbish, f"run:{CASE}")).decision == "HOLD"


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


def two_cases() -> Any:
    """A criterion that two cases verify."""
    return plan(criterion(cases=(CASE, OTHER)))


def test_a_planned_case_that_did_not_run_leaves_its_criteria_open() -> None:
    """Half the evidence is no proof, also after a rerun of the other half."""
    result = decided(judged(PASS), of=two_cases(), seen=trace(f"run:{CASE}"))
    assert result.requirements[0].criteria[0].verdict is INCONCLUSIVE
    assert "did not run" in result.reasons[0].why


def test_a_case_that_this_bench_cannot_run_is_not_missed() -> None:
    """Another case proves the criterion alone."""
    chosen = two_cases()
    cases = tuple(c if c.id == CASE else type(c)(**{**as_fields(c), "run": False}) for c in chosen.cases)
    chosen = type(chosen)(**{**as_fields(chosen), "cases": cases})
    assert decided(judged(PASS), of=chosen, seen=trace(f"run:{CASE}")).decision == "GO"


def as_fields(struct: Any) -> dict[str, Any]:
    """A struct's fields."""
    return {f: getattr(struct, f) for f in struct.__struct_fields__}


@pytest.mark.parametrize("outcome", ["not_seen", "pending"])
def test_a_case_cut_short_leaves_a_pass_open(outcome: str) -> None:
    """It had claimed something before it ended early: what it would have claimed next nobody knows."""
    result = decided(judged(PASS), seen=trace(*ended(outcome)))
    assert result.requirements[0].criteria[0].verdict is INCONCLUSIVE
    assert "why" in result.reasons[0].why
    assert decided(judged(FAIL), seen=trace(*ended(outcome))).requirements[0].criteria[0].verdict is FAIL


def test_a_case_that_was_killed_leaves_a_pass_open() -> None:
    """Started, never ended; a later run of another case ended the campaign."""
    marks = trace(("case.started", {"case": CASE}), "campaign.rerun", f"run:{OTHER}")
    result = decided(judged(PASS), seen=marks)
    assert result.requirements[0].criteria[0].verdict is INCONCLUSIVE


def test_a_case_that_ended_without_a_claim_leaves_its_criteria_open() -> None:
    """And says what the case waited for in vain."""
    result = decided(seen=trace(*ended("not_seen", detail="no boot came")))
    assert result.requirements[0].criteria[0].verdict is INCONCLUSIVE
    assert "no boot came" in result.reasons[0].why


def test_a_harness_error_is_an_error_and_never_the_chargers() -> None:
    """Even when something passed before it; but a fail that was seen stays a fail."""
    result = decided(judged(PASS), seen=trace(*ended("error")))
    assert result.requirements[0].criteria[0].verdict is Verdict.ERROR
    assert result.reasons[0].who == "test engineer"
    assert decided(judged(FAIL), seen=trace(*ended("error"))).requirements[0].criteria[0].verdict is FAIL


def test_an_error_is_never_excused() -> None:
    """Not by a waiver."""
    assert decided(seen=trace(*ended("error")), of=plan(waivers=(waiver(),))).decision == "HOLD"


def test_a_good_second_run_settles_what_the_first_left_open() -> None:
    """Error, or inconclusive, then pass."""
    again = [("case.started", {"case": CASE}), ("case.ended", {"case": CASE, "outcome": "completed"})]
    seen = trace(*ended("error"), *again)
    assert decided(judged(PASS, run=2), seen=seen).decision == "GO"
    seen = trace(*ended("completed"), *again)
    assert decided(judged(INCONCLUSIVE), judged(PASS, run=2), seen=seen).decision == "GO"


def test_no_retry_washes_a_fail_away() -> None:
    """Failed once, passed then: it still failed, and both are shown."""
    seen = trace(f"run:{CASE}", f"run:{CASE}")
    result = decided(judged(FAIL, seen="16 A"), judged(PASS, run=2), seen=seen)
    one = result.requirements[0].criteria[0]
    assert one.verdict is FAIL
    assert "16 A" in one.why
    assert len(one.findings) == 2


def test_a_second_run_that_claims_nothing_settles_nothing() -> None:
    """The first run's pass does not speak for the second."""
    result = decided(judged(PASS), seen=trace(f"run:{CASE}", *ended("not_seen")))
    assert result.requirements[0].criteria[0].verdict is INCONCLUSIVE


def test_a_control_alone_proves_nothing() -> None:
    """It shows that something could be seen, not that it was."""
    assert decided(judged(PASS, control=True)).decision == "HOLD"


def test_the_worst_claim_of_a_criterion_counts() -> None:
    """Pass and fail is fail, pass and inconclusive is inconclusive."""
    assert decided(judged(PASS), judged(FAIL)).requirements[0].criteria[0].verdict is FAIL
    assert decided(judged(PASS), judged(INCONCLUSIVE)).requirements[0].criteria[0].verdict is INCONCLUSIVE


def test_papers_speak_where_no_case_can() -> None:
    """A certificate that the source allows instead; without that permission it proves nothing."""
    paper = judged(PASS, case="document review")
    allowed = criterion(cases=(), also_by=(VerifiedBy.DOCUMENT_REVIEW,), blocked="no car")
    result = decided(paper, of=plan(allowed))
    assert result.decision == "GO"
    assert "by paper" in result.requirements[0].criteria[0].why
    assert decided(paper, of=plan(criterion(cases=()))).decision == "HOLD"


def test_a_paper_that_is_missing_proves_nothing_in_words_either() -> None:
    """Neither paper nor test: the reason names both, and does not call it proven."""
    paper = judged(Verdict.PENDING, case="document review")
    allowed = criterion(cases=(), also_by=(VerifiedBy.DOCUMENT_REVIEW,), blocked="no car")
    why = decided(paper, of=plan(allowed)).requirements[0].criteria[0].why
    assert why.endswith("(not tested either: no car)")


def test_a_missing_paper_is_pending() -> None:
    """Nobody handed it in yet."""
    result = decided(of=plan(criterion(verified_by=VerifiedBy.DOCUMENT_REVIEW, cases=())))
    assert result.requirements[0].criteria[0].verdict is Verdict.PENDING


# -- what follows from other criteria (BI-16.4)


def family(*others: Any, **more: Any) -> Any:
    """BI-16.4, and what it follows from."""
    graph = criterion("BI-16.4", verified_by=VerifiedBy.LOG_ANALYSIS, cases=(), all_of=("SC", "PR"))
    return plan(graph, *others, **more)


def graph_of(result: Any) -> Any:
    """BI-16.4's result."""
    return result.requirements[0].criteria[0]


def test_it_holds_when_all_of_them_hold() -> None:
    """SC and PR pass; what is no part of them does not count."""
    chosen = family(criterion("SC-04.1"), criterion("PR-15.1"), criterion("GEN-01.1"))
    result = decided(judged(PASS), judged(PASS, "PR-15.1"), judged(FAIL, "GEN-01.1"), of=chosen)
    assert graph_of(result).verdict is PASS


@pytest.mark.parametrize("verdict", [FAIL, INCONCLUSIVE, Verdict.ERROR, Verdict.PENDING])
def test_it_is_as_bad_as_the_worst_of_them_and_names_it(verdict: Verdict) -> None:
    """One of two is not proven."""
    chosen = family(criterion("SC-04.1"), criterion("PR-15.1"))
    result = decided(judged(PASS), judged(verdict, "PR-15.1"), of=chosen)
    assert graph_of(result).verdict is verdict
    assert "PR-15.1" in graph_of(result).why


def test_waived_parts_count_as_proven_and_wishes_do_not_count() -> None:
    """And neither does what does not apply, or can only be shown in service."""
    chosen = family(
        criterion("SC-04.1"),
        criterion("SC-04.2", obligation=Obligation.WISH),
        criterion("SC-05.3", phase=Phase.OPERATION),
        criterion("PR-15.1", applies=False),
        waivers=(waiver(),),
    )
    result = decided(judged(FAIL), judged(FAIL, "SC-04.2"), judged(FAIL, "SC-05.3"), of=chosen)
    assert graph_of(result).verdict is PASS
    assert result.decision == "GO"


def test_its_own_waiver_counts() -> None:
    """BI-16.4 itself may be waived when it fails."""
    chosen = family(criterion("SC-04.1"), waivers=(waiver(of="BI-16.4"), waiver()))
    assert graph_of(decided(judged(FAIL), of=chosen)).verdict is PASS
    chosen = family(criterion("SC-04.1"), waivers=(waiver(of="BI-16.4"),))
    assert graph_of(decided(judged(FAIL), of=chosen)).waived


def test_a_selection_cannot_prove_it() -> None:
    """SC-04 alone was run: the others may fail. A fail among those that ran is a fail all the same."""
    chosen = family(criterion("SC-04.1"), selection=("SC-04", "BI-16"))
    assert graph_of(decided(judged(PASS), of=chosen)).verdict is INCONCLUSIVE
    assert graph_of(decided(judged(FAIL), of=chosen)).verdict is FAIL


def test_nothing_to_follow_from_proves_nothing() -> None:
    """No smart charging criterion in the plan."""
    assert graph_of(decided(of=family(criterion("GEN-01.1")))).verdict is INCONCLUSIVE


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
    assert result.requirements[0].criteria[0].verdict is FAIL
    assert [r.why for r in result.reasons] == ["seen to fail"]


@given(st.lists(VERDICTS, min_size=1, max_size=4), VERDICTS)
def test_more_evidence_against_never_helps(found: list[Verdict], more: Verdict) -> None:
    """Adding a claim that did not pass never turns HOLD into GO."""
    findings = [judged(v) for v in found]
    before, after = decided(*findings), decided(*findings, judged(more))
    if before.decision == "HOLD" and more not in (PASS, Verdict.NOT_APPLICABLE):
        assert after.decision == "HOLD"
