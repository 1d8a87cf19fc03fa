"""Setpoints: limits that bind, that do not, and traces that only look as if they did."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from requirement_catalog import DecisionRule
from tests.judges._trace import T, by_rule, profile

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def lowered(**answer: Any) -> T:
    """A car at 16 A, and a limit of 10 A sent at 2 s."""
    return T().draws(16, 2).limits_to(10, **answer)


def test_a_lowered_limit_that_is_followed_passes() -> None:
    """16 A fall to 9.9 A within two seconds and stay: pass, with the response time measured."""
    finding = lowered().draws(16, 2).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit").judged()
    assert finding.verdict is PASS
    assert finding.measurements[0].value == pytest.approx(2.0, abs=0.15)
    assert finding.measurements[0].limit == 10


def test_a_limit_that_is_ignored_fails() -> None:
    """The car draws on at 16 A for longer than the response time: fail, saying what it still draws."""
    finding = lowered().draws(16, 12).claims("setpoints.limit_holds", limit="@limit").judged()
    assert finding.verdict is FAIL
    assert "still 16.00 A" in finding.seen


def test_a_limit_followed_too_late_fails() -> None:
    """Eleven seconds where the contract says ten: fail."""
    trace = lowered().draws(16, 11).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_nobody_watched_long_enough_to_blame() -> None:
    """Still 16 A, but only watched for five of ten seconds: nothing can be said."""
    trace = lowered().draws(16, 5).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_nobody_watched_long_enough_to_praise() -> None:
    """Reached, but seen for one second where the contract asks for two."""
    trace = lowered().draws(16, 1).draws(9.9, 1).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_a_limit_that_is_kept_and_then_broken_fails() -> None:
    """Followed at first, back at 16 A at 11 s for good: the last violation counts."""
    trace = lowered().draws(9.9, 9).draws(16, 3).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_one_reading_above_after_the_response_time_fails() -> None:
    """A single reading clearly above, after the response time, is a violation as well."""
    trace = lowered().draws(9.9, 11).meter(12).wait(0.1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_one_reading_above_within_the_response_time_passes() -> None:
    """Overshoot while the contract still allows it is none."""
    trace = lowered().draws(9.9, 3).meter(12).wait(0.1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is PASS


def test_a_silent_meter_proves_nothing() -> None:
    """No reading for two seconds in the middle: whatever happened then was not seen."""
    trace = lowered().draws(16, 1).draws(9.9, 1).wait(2).draws(9.9, 3).claims("setpoints.limit_holds", limit="@limit")
    finding = trace.judged()
    assert finding.verdict is INCONCLUSIVE
    assert "silent" in finding.seen


def test_a_meter_that_stops_before_the_claim_proves_nothing() -> None:
    """Compliance that was last seen three seconds before the claim."""
    trace = lowered().draws(16, 1).draws(9.9, 3).wait(3).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_no_meter_at_all_proves_nothing() -> None:
    """Not one reading."""
    trace = T().limits_to(10).wait(12).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_only_what_came_after_the_request_counts() -> None:
    """A violation before the request is none, and compliance before it no proof."""
    trace = T().draws(20, 5).limits_to(10).draws(20, 1).draws(9.9, 3).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is PASS


def test_a_car_that_drew_less_anyway_proves_nothing() -> None:
    """9 A before and after: the limit of 10 A changed nothing, so nothing was shown to bind."""
    trace = T().draws(9, 2).limits_to(10).draws(9, 5).claims("setpoints.limit_holds", limit="@limit")
    finding = trace.judged()
    assert finding.verdict is INCONCLUSIVE
    assert "changed nothing" in finding.seen


def test_a_dead_session_does_not_prove_that_zero_stops_it() -> None:
    """No current before the zero limit either: SC-04.3 is not proven by a car that had left."""
    trace = T().draws(0, 2).limits_to(0).draws(0, 5).claims("setpoints.limit_holds", "SC-04.3", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(("standby_a", "verdict"), [(0.2, PASS), (0.9, FAIL), (0.52, INCONCLUSIVE)])
def test_zero_leaves_room_for_the_stations_own_consumption(standby_a: float, verdict: Verdict) -> None:
    """Zero means at most setpoint.zero_current; above it the car still charges; on the border nobody knows."""
    trace = (
        T()
        .draws(10, 2)
        .limits_to(0)
        .draws(10, 1)
        .draws(standby_a, 11)
        .claims("setpoints.limit_holds", "SC-04.3", limit="@limit")
    )
    assert trace.judged().verdict is verdict


def test_noise_at_the_limit_is_no_violation() -> None:
    """A correct charger at 10 A whose car ripples by 0.3 A stays within the tolerance."""
    trace = lowered().draws(16, 1)
    for n in range(40):
        trace.meter(10 + 0.3 * (-1) ** n).wait(0.1)
    assert trace.claims("setpoints.limit_holds", limit="@limit").judged().verdict is PASS


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        (DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY, INCONCLUSIVE),
        (DecisionRule.ACCEPT_WITHIN_UNCERTAINTY, INCONCLUSIVE),
        (DecisionRule.REJECT_WITHIN_UNCERTAINTY, INCONCLUSIVE),
    ],
)
def test_a_reading_within_its_uncertainty_of_the_border_to_the_end(rule: DecisionRule, verdict: Verdict) -> None:
    """10.52 A where 10.5 A is the border and the meter knows 0.05 A: since when it is kept cannot be said."""
    trace = lowered().draws(16, 1).draws(10.52, 12).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged(by_rule(rule)).verdict is verdict


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        (DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY, INCONCLUSIVE),
        (DecisionRule.ACCEPT_WITHIN_UNCERTAINTY, PASS),
        (DecisionRule.REJECT_WITHIN_UNCERTAINTY, FAIL),
    ],
)
def test_the_tenders_rule_decides_when_two_readings_straddle_the_response_time(
    rule: DecisionRule, verdict: Verdict
) -> None:
    """Still 16 A at 9.8 s, 9.9 A at 10.6 s, nothing between: the meter saw neither side of ten seconds."""
    trace = T().draws(16, 2).limits_to(10, answer=None).draws(16, 9.9).wait(0.7).draws(9.9, 3)
    trace.answers("Accepted", to=trace["limit"]).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged(by_rule(rule)).verdict is verdict


@pytest.mark.parametrize("answer", ["Rejected", None])
def test_a_limit_that_is_not_accepted_does_not_pass(answer: str | None) -> None:
    """The current fell, but the charger refused the limit or never answered: it fell for another reason."""
    trace = lowered(answer=answer).draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_a_callerror_is_named() -> None:
    """CALLERROR is told apart from Rejected, by its code."""
    trace = lowered(answer=None).errs("NotSupported").draws(16, 1).draws(9.9, 4)
    finding = trace.claims("setpoints.limit_holds", limit="@limit").judged()
    assert finding.verdict is FAIL
    assert "NotSupported" in finding.seen


def test_an_answer_after_the_claim_is_none() -> None:
    """What comes after the claim is not part of it."""
    trace = lowered(answer=None).draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit").answers()
    assert [j.finding.verdict for j in trace.all_judged()] == [FAIL]


def test_a_violation_after_the_claim_is_none() -> None:
    """The next step of the case raises the limit; that says nothing about this one."""
    trace = lowered().draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit").draws(32, 20)
    assert [j.finding.verdict for j in trace.all_judged()] == [PASS]


def test_a_single_phase_car_is_judged_by_its_phase() -> None:
    """Only L1 carries current: the largest phase counts, not the mean."""
    trace = T().draws(16, 2, phases=1).limits_to(10).draws(16, 12, phases=1)
    assert trace.claims("setpoints.limit_holds", limit="@limit").judged().verdict is FAIL


def test_one_phase_above_the_limit_is_enough_to_fail() -> None:
    """A limit in A is per phase (K01.FR.51): two good phases do not excuse the third."""
    trace = lowered()
    for _ in range(130):
        trace.sample("meter", {"i_a": 0.05}, i_l1_a=9.9, i_l2_a=9.9, i_l3_a=16.0, p_w=8000.0).wait(0.1)
    assert trace.claims("setpoints.limit_holds", limit="@limit").judged().verdict is FAIL


def test_uncertainty_may_stand_for_each_phase() -> None:
    """An instrument that gives i_l1_a instead of i_a is not taken for a perfect one."""
    trace = lowered().draws(16, 1)
    for _ in range(130):
        trace.sample("meter", {"i_l1_a": 0.5, "i_l2_a": 0.5, "i_l3_a": 0.5}, i_l1_a=10.6, i_l2_a=10.6, i_l3_a=10.6)
        trace.wait(0.1)
    assert trace.claims("setpoints.limit_holds", limit="@limit").judged().verdict is INCONCLUSIVE


def full(t: T, amps: float, volts: float = 230.1) -> T:
    """A reading with all the quantities a meter gives."""
    currents = {f"i_l{n}_a": amps for n in (1, 2, 3)}
    voltages = {f"u_l{n}_v": volts for n in (1, 2, 3)}
    return t.sample("meter", {"i_a": 0.05}, **currents, **voltages, p_w=amps * 690, freq_hz=50.01).wait(0.1)


def test_a_frozen_meter_neither_accuses_nor_acquits() -> None:
    """The same eight quantities to the last digit through the whole window: the meter stands still."""
    high, low = T(), T()
    for _ in range(20):
        full(high, 16)
        full(low, 16)
    high.limits_to(10)
    low.limits_to(10)
    for _ in range(130):
        full(high, 16)
        full(low, 9.9)
    for trace in (high, low):
        finding = trace.claims("setpoints.limit_holds", limit="@limit").judged()
        assert finding.verdict is INCONCLUSIVE
        assert "stood still" in finding.seen


def test_a_living_meter_is_told_from_a_frozen_one() -> None:
    """One digit of the voltage moves: the same currents count."""
    trace = T()
    for n in range(20):
        full(trace, 16, 230 + n % 3 / 10)
    trace.limits_to(10)
    for n in range(50):
        full(trace, 9.9, 230 + n % 3 / 10)
    # 16 A until the request, 9.9 A from the first reading after it: reached at once
    assert trace.claims("setpoints.limit_holds", limit="@limit").judged().verdict is PASS


def test_a_meter_at_rest_behind_an_electronic_source_is_not_frozen() -> None:
    """Without load its registers must stand (EN 50470-3, no-load condition), and a laboratory's mains may as well."""

    def rests(t: T, amps: float) -> None:
        currents = {f"i_l{n}_a": amps for n in (1, 2, 3)}
        voltages = {f"u_l{n}_v": 230.0 for n in (1, 2, 3)}
        registers = {"e_import_wh": 812.4, "e_export_wh": 31.0}
        t.sample("meter", {"i_a": 0.05}, **currents, **voltages, **registers, p_w=amps * 690, freq_hz=50.0).wait(0.1)

    stopped, frozen = T(), T()
    for trace, amps in ((stopped, 0.0), (frozen, 9.9)):
        for n in range(20):
            rests(trace, 16 + n % 3 / 100)
        trace.limits_to(10 if amps else 0)
        for _ in range(50):
            rests(trace, amps)
        trace.claims("setpoints.limit_holds", "SC-04.2" if amps else "SC-04.3", limit="@limit")
    assert stopped.judged().verdict is PASS
    assert frozen.judged().verdict is INCONCLUSIVE


def test_a_limit_in_watts_binds_the_total() -> None:
    """5520 W: 8 A on three phases pass, 10 A fail."""
    for amps, verdict in ((8, PASS), (10, FAIL)):
        trace = T().draws(16, 2).limits_to(5520, "W").draws(16, 1).draws(amps, 11)
        assert trace.claims("setpoints.limit_holds", "SC-04.5", limit="@limit").judged().verdict is verdict


def test_a_limit_in_watts_binds_in_both_directions() -> None:
    """Feeding 9 kW into the grid is no way to keep a limit of 5.5 kW."""
    trace = T().draws(16, 2).limits_to(5520, "W").draws(16, 1).draws(13, 11, sign=-1)
    assert trace.claims("setpoints.limit_holds", limit="@limit").judged().verdict is FAIL


def test_a_limit_that_came_with_the_start_of_the_session_counts() -> None:
    """RequestStartTransaction carries a profile too (K05)."""
    start = {"idToken": {"idToken": "X", "type": "Central"}, "remoteStartId": 1}
    request = {**start, "chargingProfile": profile(10)["chargingProfile"]}
    trace = T().draws(16, 2).asks("RequestStartTransaction", request).named("limit").wait(0.1).answers()
    trace.draws(16, 1).draws(9.9, 4).claims("setpoints.limit_holds", limit="@limit")
    assert trace.judged().verdict is PASS


def test_an_update_of_a_dynamic_profile_is_in_the_profiles_unit() -> None:
    """UpdateDynamicSchedule names only the profile; its unit is the profile's (OCPP 2.1 K28)."""
    trace = T(version="ocpp2.1").draws(16, 1).limits_to(14, number=7, kind="Dynamic").draws(13.9, 1)
    trace.asks("UpdateDynamicSchedule", {"chargingProfileId": 7, "scheduleUpdate": {"limit": 8}}).named("update")
    trace.wait(0.1).answers().draws(13.9, 1).draws(7.9, 4).claims("setpoints.limit_holds", limit="@update")
    finding = trace.judged()
    assert finding.verdict is PASS
    assert finding.measurements[1].unit == "A"


def test_a_claim_about_a_frame_that_is_no_call_is_our_error() -> None:
    """A case that names the wrong event is at fault, not the charger."""
    trace = lowered().named("answer").draws(9, 3).claims("setpoints.limit_holds", limit="@answer")
    finding = trace.judged()
    assert finding.verdict is Verdict.ERROR
    assert finding.acted == "harness"


# -- signed setpoints


def setpoint(watts: float, answer: str | None = "Accepted") -> T:
    """A car at rest, and a signed setpoint sent at 2 s."""
    return T(version="ocpp2.1").flows(0, 2).limits_to(None, "W", setpoint=watts, purpose="TxProfile", answer=answer)


@pytest.mark.parametrize("watts", [-5000, 5000])
def test_a_setpoint_is_followed_in_both_directions(watts: float) -> None:
    """Reached and kept within the tolerance: pass, whichever way the power flows."""
    trace = setpoint(watts).flows(0, 1).flows(watts + 100, 4).claims("setpoints.setpoint_followed", limit="@limit")
    assert trace.judged().verdict is PASS


def test_the_right_power_in_the_wrong_direction_fails() -> None:
    """+5 kW where -5 kW was asked."""
    trace = setpoint(-5000).flows(0, 1).flows(5000, 12).claims("setpoints.setpoint_followed", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_less_discharge_than_asked_fails() -> None:
    """A setpoint is no limit: 3 kW where 5 kW were asked is not followed."""
    trace = setpoint(-5000).flows(0, 1).flows(-3000, 12).claims("setpoints.setpoint_followed", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_rest_is_not_proven_by_a_car_that_was_at_rest() -> None:
    """A zero setpoint that changes nothing shows nothing."""
    trace = setpoint(0).flows(0, 5).claims("setpoints.setpoint_followed", "BI-16.2", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_a_slow_but_correct_ramp_passes() -> None:
    """Nine seconds of ramp are within the contract's ten."""
    trace = setpoint(-5000)
    for n in range(90):
        trace.power(-5000 * n / 90).wait(0.1)
    assert trace.flows(-5000, 4).claims("setpoints.setpoint_followed", limit="@limit").judged().verdict is PASS


# -- raised limits


def raised(to: float = 13) -> T:
    """A car that was held at zero, and is allowed to charge again."""
    return T().draws(0, 2).limits_to(to)


def test_a_raised_limit_lets_the_car_resume() -> None:
    """From nothing to 12.8 A of 13 A."""
    trace = raised().draws(0, 3).draws(12.8, 3).claims("setpoints.rises_to", limit="@limit", value=11)
    assert trace.judged().verdict is PASS


def test_a_session_that_never_resumes_fails() -> None:
    """Nothing for eleven seconds."""
    trace = raised().draws(0, 11.5).claims("setpoints.rises_to", limit="@limit", value=11)
    assert trace.judged().verdict is FAIL


def test_a_session_that_resumes_without_limit_fails() -> None:
    """Back at 24 A where 13 A are allowed."""
    trace = raised().draws(0, 3).draws(24, 10).claims("setpoints.rises_to", limit="@limit", value=11)
    assert trace.judged().verdict is FAIL


def test_the_next_lowest_limit_binds_when_the_lowest_is_gone() -> None:
    """After clearing 9 A the 14 A of the other source count, no less and no more."""
    for amps, verdict in ((13.9, PASS), (9, FAIL), (24, FAIL)):
        trace = T().limits_to(14, number=1, purpose="ChargingStationMaxProfile").named("answer").draws(9, 2)
        trace.asks("ClearChargingProfile", {}).named("clear").answers().draws(9, 1).draws(amps, 11)
        trace.claims("setpoints.rises_to_other", since="@clear", limit="@limit", value=12)
        assert trace.judged().verdict is verdict


def test_a_local_limit_needs_no_answer_from_the_charger() -> None:
    """What the site's energy manager set is not answered over OCPP; the meter decides."""
    for amps, verdict in ((7, PASS), (14, FAIL)):
        trace = T().draws(14, 2).acts("ems", "LIMIT 4830").named("told").draws(14, 1).draws(amps, 11)
        trace.claims("setpoints.local_limit_holds", "PR-15.4", since="@told", value=4830)
        assert trace.judged().verdict is verdict


# -- limits set before charging, and controls


def test_a_limit_set_before_charging_binds_from_the_start() -> None:
    """Never above 9 A from the first ampere: pass; one reading of 12 A: fail."""
    good = T().draws(0, 1).limits_to(9).draws(0, 2).draws(8.9, 4).claims("setpoints.never_above", limit="@limit")
    assert good.judged().verdict is PASS
    bad = T().draws(0, 1).limits_to(9).draws(0, 2).draws(12, 0.2).draws(8.9, 4)
    assert bad.claims("setpoints.never_above", limit="@limit").judged().verdict is FAIL


def test_a_car_that_never_came_proves_no_limit() -> None:
    """Nothing drawn, nothing limited."""
    trace = T().draws(0, 1).limits_to(9).draws(0, 5).claims("setpoints.never_above", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_a_car_that_was_still_charging_does_not_break_a_limit_set_in_advance() -> None:
    """16 A flowed before the request: that the fall took a second is another criterion's matter."""
    trace = T().draws(16, 1).limits_to(9).draws(16, 1).draws(8.9, 4).claims("setpoints.never_above", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE


def test_a_limit_in_advance_that_was_refused_fails() -> None:
    """The car drew little by itself; the charger had refused the limit."""
    trace = T().draws(0, 1).limits_to(9, answer="Rejected").draws(8, 4).claims("setpoints.never_above", limit="@limit")
    assert trace.judged().verdict is FAIL


def test_never_above_obeys_the_tenders_decision_rule() -> None:
    """9.52 A at a border of 9.5 A with 0.05 A uncertainty."""
    trace = T().draws(0, 1).limits_to(9).draws(9.52, 4).claims("setpoints.never_above", limit="@limit")
    assert trace.judged().verdict is INCONCLUSIVE
    assert trace.judged(by_rule(DecisionRule.ACCEPT_WITHIN_UNCERTAINTY)).verdict is PASS
    assert trace.judged(by_rule(DecisionRule.REJECT_WITHIN_UNCERTAINTY)).verdict is FAIL


@pytest.mark.parametrize(("amps", "verdict"), [(16, PASS), (13.9, FAIL)])
def test_the_control_asks_for_every_reading(amps: float, verdict: Verdict) -> None:
    """The car draws at least 14 A through the last half second."""
    trace = T().draws(20, 1).draws(amps, 0.6).claims("setpoints.draws_at_least", as_control=True, value=14, unit="A")
    assert trace.judged().verdict is verdict


def test_a_control_without_readings_is_no_control() -> None:
    """Half a second of silence."""
    trace = T().draws(20, 1).wait(2).claims("setpoints.draws_at_least", as_control=True, value=14, unit="A", for_s=1.5)
    assert trace.judged().verdict is INCONCLUSIVE


def test_a_setpoint_that_cannot_be_told_from_rest_proves_nothing() -> None:
    """200 W to the grid within 350 W: a charger that only ever stops would follow it."""
    trace = T(version="ocpp2.1").flows(3000, 2).limits_to(None, "W", setpoint=-200, purpose="TxProfile").flows(0, 13)
    finding = trace.claims("setpoints.setpoint_followed", limit="@limit").judged()
    assert finding.verdict is INCONCLUSIVE
    assert "cannot be told from no power" in finding.seen
