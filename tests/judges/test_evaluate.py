"""From claims to findings: controls, groups, runs, errors, weak limits, and the properties that must always hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge import (
    Claim,
    Finding,
    Limits,
    ResolvedLimit,
    Verdict,
    claims_in,
    evaluate,
    held_against,
    judge,
    judge_named,
    judge_names,
    worst,
)
from harness.proofs import known_judges
from harness.proofs._digest import _judges, _reached
from harness.trace import Trace
from requirement_catalog import Confidence, DecisionRule, Sense
from tests.judges._trace import CASE, LIMITS, T, limit

PASS, FAIL, INCONCLUSIVE, ERROR = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR
NUMBERS = st.floats(-1e6, 1e6)
SPREADS = st.floats(0, 1e3)


def controlled(control_a: float, amps: float = 9.9, group: str = "") -> T:
    """A control that the car draws 14 A, and a limit of 10 A."""
    t = T().draws(control_a, 2).claims("setpoints.draws_at_least", as_control=True, group=group, value=14, unit="A")
    return t.limits_to(10).draws(control_a, 1).draws(amps, 11).claims("setpoints.limit_holds", limit="@limit")


def verdicts(t: T) -> list[Verdict]:
    """All of them, in order."""
    return [j.finding.verdict for j in t.all_judged()]


def test_a_control_that_holds_lets_the_claim_speak() -> None:
    """Pass or fail, as it is."""
    assert verdicts(controlled(16)) == [PASS, PASS]
    assert verdicts(controlled(16, 16)) == [PASS, FAIL]


def test_a_control_that_does_not_hold_voids_pass_and_fail() -> None:
    """The car drew 12 A: neither is shown, and the text says what it would have been."""
    for amps in (9.9, 11.0):
        found = controlled(12, amps).all_judged()
        assert [j.finding.verdict for j in found] == [FAIL, INCONCLUSIVE]
        assert found[1].finding.seen.startswith("void: the positive control did not hold")


def test_a_control_of_another_group_voids_nothing() -> None:
    """The claim's group is the case's; the control has one of its own."""
    assert verdicts(controlled(12, group="own")) == [FAIL, PASS]


def test_a_control_after_the_claim_counts_as_well() -> None:
    """SC-04.6's control comes last."""
    t = T().draws(12, 2).limits_to(10).draws(12, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    t.claims("setpoints.draws_at_least", as_control=True, value=14, unit="A")
    assert verdicts(t) == [INCONCLUSIVE, FAIL]


def test_a_control_of_another_run_voids_nothing() -> None:
    """The first run's car drew too little; the second's did not."""
    t = controlled(12)
    t.event("case.started", "harness").draws(16, 2)
    t.claims("setpoints.draws_at_least", as_control=True, value=14, unit="A")
    t.limits_to(10).draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert verdicts(t) == [FAIL, INCONCLUSIVE, PASS, PASS]
    assert [c.run for c in claims_in(t.trace())] == [1, 1, 2, 2]


def test_a_control_that_breaks_voids_too() -> None:
    """An error of ours in the control is no proof that it held."""
    t = T().draws(16, 2).claims("setpoints.draws_at_least", as_control=True, value="much", unit="A")
    t.limits_to(10).draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert verdicts(t) == [ERROR, INCONCLUSIVE]


def test_a_judge_that_raises_is_our_error() -> None:
    """A missing parameter, an unknown judge, a missing limit: never the charger's."""
    for t in (T().claims("setpoints.limit_holds"), T().claims("no.such_judge")):
        finding = t.judged()
        assert (finding.verdict, finding.acted) == (ERROR, "harness")
    t = T().draws(16, 2).limits_to(10).draws(9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert t.judged({"dwell": LIMITS["dwell"]}).verdict is ERROR


def test_rubbish_that_a_judge_cannot_read_is_the_chargers() -> None:
    """Malformed messages of the case are named instead of an error of ours."""
    t = T().says("NotifyReport", {"requestId": 1, "reportData": 5})
    t.asks("GetBaseReport", {"requestId": 1}).named("ask").answers()
    t.says("NotifyReport", {"requestId": 1, "seqNo": 0, "reportData": 5})
    finding = t.claims("core_ocpp.full_report", call="@ask").judged()
    assert (finding.verdict, finding.acted) == (INCONCLUSIVE, "dut")
    assert 'is not of type "array"' in finding.seen


@pytest.mark.parametrize("confidence", list(Confidence))
def test_a_limit_that_nobody_confirmed_decides_nothing(confidence: Confidence) -> None:
    """Neither pass nor fail, but the measured value and what it would have been."""
    weak = {**LIMITS, "response": limit("response", 10, confidence=confidence)}
    for amps, would in ((9.9, PASS), (16, FAIL)):
        t = T().draws(16, 2).limits_to(10).draws(16, 1).draws(amps, 11)
        finding = t.claims("setpoints.limit_holds", limit="@limit").judged(weak)
        if confidence.decides:
            assert finding.verdict is would
        else:
            assert finding.verdict is INCONCLUSIVE
            assert f"would be {would}" in finding.seen
            assert finding.measurements


def test_a_weak_limit_that_was_not_used_weakens_nothing() -> None:
    """Only what a judge read counts."""
    weak = {**LIMITS, "duty_tolerance": limit("duty_tolerance", 1, confidence=Confidence.RECALLED)}
    t = T().draws(16, 2).limits_to(10).draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert t.judged(weak).verdict is PASS


def test_a_claim_is_judged_by_what_came_before_it() -> None:
    """Adding events behind it changes nothing, for every judge that does not look over the whole."""
    t = controlled(16)
    before = t.all_judged()
    assert t.draws(32, 5).says("Heartbeat").all_judged() == before


def test_judging_is_pure() -> None:
    """The same trace gives the same findings, in this order and in that."""
    t = controlled(16)
    assert t.all_judged() == t.all_judged()


def test_the_order_in_which_claims_are_judged_does_not_matter() -> None:
    """Each claim's finding is the same when the other claims are not there."""
    t = controlled(16)
    alone = [
        Trace(e if e.kind != "claim" or e.seq == own.seq else _unclaimed(e) for e in t.events)
        for own in t.events
        if own.kind == "claim"
    ]
    from harness.judge import evaluate

    assert [evaluate(one, {"SC-04.2": LIMITS})[0].finding for one in alone] == [j.finding for j in t.all_judged()]


def _unclaimed(event):  # type: ignore[no-untyped-def]
    """The same event, claiming nothing."""
    import msgspec

    return msgspec.structs.replace(event, kind="note")


def test_names_stand_for_good() -> None:
    """A name belongs to one judge, and an unknown one tells which there are."""
    with pytest.raises(ValueError, match=r"two judges are called"):

        @judge("setpoints.limit_holds")
        def another(trace, claim, limits):  # type: ignore[no-untyped-def]
            raise AssertionError

    with pytest.raises(KeyError, match=r"setpoints\.limit_holds"):
        judge_named("setpoints.limit_hold")


def test_every_judge_says_what_it_does() -> None:
    """A docstring each; and no two share a name."""
    for name in judge_names():
        assert judge_named(name).__doc__, name


def bound(
    value: float = 10.0, *, sense: Sense = Sense.AT_MOST, tolerance: float = 0.0, **more: object
) -> ResolvedLimit:
    """A limit."""
    return ResolvedLimit(name="x", value=value, unit="A", sense=sense, tolerance=tolerance, **more)  # type: ignore[arg-type]


@given(NUMBERS, NUMBERS, SPREADS, SPREADS)
def test_at_most_and_at_least_are_mirror_images(value: float, at: float, tolerance: float, u: float) -> None:
    """Held against -limit from the other side, the verdict is the same."""
    most = held_against("m", value, bound(at, tolerance=tolerance), uncertainty=u)[0]
    least = held_against("m", -value, bound(-at, sense=Sense.AT_LEAST, tolerance=tolerance), uncertainty=u)[0]
    assert most is least


@given(NUMBERS, NUMBERS, NUMBERS, SPREADS, SPREADS, st.sampled_from(list(DecisionRule)))
def test_a_larger_value_is_never_better(
    one: float, other: float, at: float, tolerance: float, u: float, rule: DecisionRule
) -> None:
    """Pass, inconclusive, fail: in that order as the value grows."""
    order = (PASS, INCONCLUSIVE, FAIL)
    low, high = sorted((one, other))
    limit_ = bound(at, tolerance=tolerance, decision_rule=rule)
    found = [held_against("m", v, limit_, uncertainty=u)[0] for v in (low, high)]
    assert order.index(found[0]) <= order.index(found[1])


@given(NUMBERS, NUMBERS, SPREADS)
def test_a_perfect_instrument_always_decides(value: float, at: float, tolerance: float) -> None:
    """Without uncertainty there is nothing between pass and fail."""
    assert held_against("m", value, bound(at, tolerance=tolerance))[0] in (PASS, FAIL)


@given(NUMBERS, NUMBERS, SPREADS, SPREADS)
def test_more_uncertainty_never_decides_more(value: float, at: float, one: float, other: float) -> None:
    """What a poor instrument decides, a better one decides in the same way."""
    better, poorer = sorted((one, other))
    poor = held_against("m", value, bound(at), uncertainty=poorer)[0]
    if poor is not INCONCLUSIVE:
        assert held_against("m", value, bound(at), uncertainty=better)[0] is poor


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_decides_nothing(value: float) -> None:
    """Not-a-number is not smaller than the limit."""
    assert held_against("m", value, bound())[0] is INCONCLUSIVE
    assert held_against("m", 5.0, bound(), uncertainty=value)[0] is INCONCLUSIVE
    assert held_against("m", 5.0, bound(), uncertainty=-1.0)[0] is INCONCLUSIVE


@pytest.mark.parametrize(("value", "verdict"), [(16.1, PASS), (16.1 - 16 + 16, PASS), (16.1001, FAIL)])
def test_the_border_itself_passes_however_a_computer_writes_it(value: float, verdict: Verdict) -> None:
    """16.1 - 16 is a hair more than 0.1."""
    assert held_against("difference", value - 16, bound(0.1))[0] is verdict


@given(st.lists(st.sampled_from(list(Verdict)), max_size=6))
def test_the_worst_does_not_depend_on_order(found: list[Verdict]) -> None:
    """And of nothing it is inconclusive: unset is not pass."""
    assert worst(found) is worst(list(reversed(found)))
    assert worst([]) is INCONCLUSIVE
    assert (worst(found) is PASS) == (PASS in found and set(found) <= {PASS, Verdict.NOT_APPLICABLE})


def test_claims_keep_what_the_case_said() -> None:
    """Criterion, judge, parameters, case, group and number."""
    t = T().claims("timing.answered", "SC-04.1", group="g", call=3)
    (claim,) = claims_in(t.trace())
    assert (claim.criterion, claim.judge, claim.params, claim.case) == ("SC-04.1", "timing.answered", {"call": 3}, CASE)
    assert claim.seq == t.events[-1].seq
    assert "g" in claim.group


@judge("tests.goes_too_deep")
def goes_too_deep(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A judge that loses itself."""
    return goes_too_deep(trace, claim, limits)


def test_one_judges_exception_is_that_judges_error_and_nothing_else() -> None:
    """Also one that runs out of stack, or whose trace it cannot read: what was claimed beside it is judged as ever."""
    t = T().draws(16, 1).claims("tests.goes_too_deep")
    t.claims("setpoints.draws_at_least", value=14, unit="A").claims("timing.answered", call=999)
    first, second, third = (each.finding for each in t.all_judged())
    assert (first.verdict, first.acted) == (ERROR, "harness") and "RecursionError" in first.seen
    assert second.verdict is PASS
    assert third.verdict is ERROR and len(third.seen) < 700


OVERDUE = {"meter": "2026-01-15"}


def overdue(t: T, **roles: str) -> list[Finding]:
    """What is found when the calibration of these instruments had run out."""
    return [j.finding for j in evaluate(t.trace(), _for_all(t), roles)]


def _for_all(t: T) -> dict[str, dict[str, ResolvedLimit]]:
    return {e.data["criterion"]: LIMITS for e in t.events if e.kind == "claim"}


@pytest.mark.parametrize("amps", [9.9, 16])
def test_an_instrument_whose_calibration_ran_out_decides_nothing(amps: float) -> None:
    """Neither a pass nor a fail: the finding says which instrument, and since when."""
    [finding] = overdue(
        T().draws(16, 2).limits_to(10).draws(amps, 12).claims("setpoints.limit_holds", limit="@limit"), **OVERDUE
    )
    assert finding.verdict is INCONCLUSIVE
    assert "the calibration of the meter ran out on 2026-01-15" in finding.seen


def test_what_was_not_read_off_an_overdue_instrument_is_decided() -> None:
    """A meter out of date says nothing of when an answer came, and a pilot box nothing of the meter."""
    asked = T().limits_to(10).claims("timing.answered", calls=["@limit"])
    assert [f.verdict for f in overdue(asked, **OVERDUE)] == [PASS]
    t = T().draws(16, 2).limits_to(10).draws(9.9, 12).claims("setpoints.limit_holds", limit="@limit")
    assert [f.verdict for f in overdue(t, pilot="2026-01-15")] == [PASS]


def test_every_judge_that_takes_readings_says_so() -> None:
    """A judge that reaches an instrument's samples names the instrument, or an overdue one would decide there."""
    takes = {"series", "samples", "readings", "_samples", "looks", "bound_by"}
    for name in known_judges():
        reached = {place.name for place in _reached((_judges()[name],))}
        if reached & takes and name not in ("composite.equals_own_calculation",):  # its meter only ever makes it unsure
            assert judge_named(name).reads, name  # type: ignore[attr-defined]


@pytest.mark.parametrize(("share", "verdict"), [(0.5, PASS), (0.01, INCONCLUSIVE)])
def test_how_unsure_an_instrument_may_be_is_the_tenders_number(share: float, verdict: Verdict) -> None:
    """10.02 A at a border of 10 A, sure to 0.5 A, under a rule that accepts: the share that is allowed decides."""
    rule = DecisionRule.ACCEPT_WITHIN_UNCERTAINTY
    allowed = limit("most", 10, "A", decision_rule=rule, most_uncertain=share)
    assert held_against("current", 10.02, allowed, uncertainty=0.5)[0] is verdict
