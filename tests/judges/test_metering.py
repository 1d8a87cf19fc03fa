"""What the charger reports against the meter: units, phases, places, moments."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from harness.judge.power.metering import reported_power_w
from harness.trace import messages
from tests.judges._trace import LIMITS, T, limit

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def sampled(value: Any, *, unit: str = "W", **more: Any) -> dict[str, Any]:
    """One sampled value of imported power."""
    return {"value": value, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": unit}, **more}


def report(t: T, *samples: dict[str, Any], age_s: float = 0.0, number: int = 1, **more: Any) -> T:
    """The charger reports meter values taken `age_s` ago."""
    taken = {"timestamp": t.stamp(t.now_s - age_s), "sampledValue": list(samples)}
    return t.tells("Updated", number, meterValue=[taken], **more)


def steady(*samples: dict[str, Any], amps: float = 10.0, **how: Any) -> T:
    """A car at 6900 W for five seconds, and a report in the middle of it."""
    t = report(T().tells("Started", 0).draws(amps, 3), *samples, **how)
    return t.draws(amps, 2).claims("metering.reported_agrees", "SC-04.7", since=0)


@pytest.mark.parametrize(
    "samples",
    [
        [sampled(6900)],
        [sampled(6.9, unit="kW")],
        [sampled(69, unitOfMeasure={"unit": "W", "multiplier": 2})],
        [sampled(6900000, unitOfMeasure={"unit": "W", "multiplier": -3})],
        [sampled(2300, phase="L1"), sampled(2300, phase="L2"), sampled(2300, phase="L3")],
        [sampled(2300, phase="L1-N"), sampled(2300, phase="L2-N"), sampled(2300, phase="L3-N")],
        [sampled(6900), sampled(2300, phase="L1")],
        [sampled(6900), sampled(0, measurand="Power.Active.Export")],
        [sampled(6900, location="Inlet"), sampled(6200, location="EV")],
        [sampled(6900, location="Outlet"), sampled(99, location="Body", measurand="Temperature")],
        [{"value": 12.3}, sampled(6900)],
    ],
)
def test_the_same_power_in_other_words_agrees(samples: list[dict[str, Any]]) -> None:
    """kW, multipliers, phases, places and other measurands beside it: 6.9 kW is 6.9 kW."""
    assert steady(*samples).judged().verdict is PASS


@pytest.mark.parametrize(
    "samples",
    [
        [sampled(6.9)],  # kW called W
        [sampled(6900, unit="kW")],
        [sampled(2300, phase="L1")],  # one phase for the whole
        [sampled(5000)],
        [sampled(6900, measurand="Power.Active.Export")],  # the wrong direction
    ],
)
def test_a_wrong_power_fails(samples: list[dict[str, Any]]) -> None:
    """Wrong scale, wrong phase, wrong direction, wrong value."""
    assert steady(*samples).judged().verdict is FAIL


@pytest.mark.parametrize(("reported_w", "verdict"), [(7200, PASS), (7245, INCONCLUSIVE), (7300, FAIL)])
def test_five_percent_is_the_border_and_the_meter_is_not_perfect(reported_w: float, verdict: Verdict) -> None:
    """6900 W + 5 % = 7245 W, known to 15 W."""
    assert steady(sampled(reported_w)).judged().verdict is verdict


@pytest.mark.parametrize(("third_w", "verdict"), [(2300, PASS), (4300, FAIL)])
def test_one_moment_may_be_told_in_several_meter_values(third_w: float, verdict: Verdict) -> None:
    """J02.FR.10: each sample in a meter value of its own; the phases are still summed, and a wrong one is seen."""
    t = T().tells("Started", 0).draws(10.0, 3)
    at = t.stamp(t.now_s)
    watts = {"L1": 2300.0, "L2": 2300.0, "L3": third_w}
    each = [{"timestamp": at, "sampledValue": [sampled(w, phase=phase)]} for phase, w in watts.items()]
    other = {"timestamp": at, "sampledValue": [{"value": 40.0, "measurand": "SoC"}]}
    t = t.tells("Updated", 1, meterValue=[*each, other])
    assert t.draws(10.0, 2).claims("metering.reported_agrees", since=0).judged().verdict is verdict


def test_a_small_difference_never_counts() -> None:
    """140 W are 20 % of 700 W, but below the contract's floor of 150 W."""
    t = report(T().tells("Started", 0).flows(700, 3), sampled(840))
    trace = t.flows(700, 2).claims("metering.reported_agrees", since=0)
    assert trace.judged().verdict is PASS
    without = {**LIMITS, "floor": limit("floor", 0, "W")}
    assert trace.judged(without).verdict is FAIL


def test_energy_alone_is_no_power() -> None:
    """A charger that reports only its register: inconclusive, and it says what was missing."""
    finding = steady({"value": 1234.5}).judged()
    assert finding.verdict is INCONCLUSIVE
    assert "reported no power" in finding.seen


def test_a_value_is_compared_with_the_moment_it_was_taken() -> None:
    """Taken at 10 A, sent three seconds later at 16 A: nothing to compare, whatever the message's arrival says."""
    t = T().tells("Started", 0).draws(10, 3).draws(16, 3)
    t = report(t, sampled(6900), age_s=3.0).draws(16, 2)
    assert t.claims("metering.reported_agrees", since=0).judged().verdict is INCONCLUSIVE


def test_an_older_value_of_a_steady_power_agrees() -> None:
    """Taken four seconds ago, and the power has not moved since."""
    assert steady(sampled(6900), age_s=1.5).judged().verdict is PASS


@pytest.mark.parametrize("skew_s", [-3600.0, -4.0, 4.0])
def test_the_chargers_clock_may_be_off(skew_s: float) -> None:
    """Ages are reckoned by the charger's own clock, whatever it shows."""
    t = T(skew_s=skew_s).tells("Started", 0).draws(10, 2)
    t = report(t, sampled(6900), age_s=0.2).draws(10, 2)
    t = report(t, sampled(6900), age_s=0.2, number=2).draws(10, 1)
    assert t.claims("metering.reported_agrees", since=0).judged().verdict is PASS


def test_meter_values_outside_a_transaction_event_count_too() -> None:
    """MeterValues has no time stamp of its own; the values' do, and the clock is known from other messages."""
    t = T(skew_s=7.0).tells("Started", 0).draws(10, 3)
    values = [{"timestamp": t.stamp(), "sampledValue": [sampled(5000)]}]
    t.says("MeterValues", {"evseId": 1, "meterValue": values}).draws(10, 1)
    assert t.claims("metering.reported_agrees", since=0).judged().verdict is FAIL


def test_what_was_kept_while_offline_is_left_out() -> None:
    """Its value belongs to another time."""
    assert steady(sampled(1), offline=True).judged().verdict is INCONCLUSIVE


def test_a_ramp_is_no_place_to_compare() -> None:
    """The power moved by more than 5 % in the second before."""
    t = T().tells("Started", 0)
    for n in range(30):
        t.power(2000 + 200 * n).wait(0.1)
    assert report(t, sampled(1)).claims("metering.reported_agrees", since=0).judged().verdict is INCONCLUSIVE


def test_a_ramp_between_two_readings_is_no_place_to_compare() -> None:
    """Steady until just before the report, on its way just after: the report may hold what was between the two."""
    t = report(T().tells("Started", 0).flows(-3000, 3).wait(0.02), sampled(2000, measurand="Power.Active.Export"))
    t.wait(0.02).power(-1998).wait(0.05).flows(0, 2)
    assert t.claims("metering.reported_agrees", since=0).judged().verdict is INCONCLUSIVE


def test_a_report_that_nobody_looked_beyond_is_not_compared() -> None:
    """It came half a second before the claim: whether the power was steady there is not known."""
    t = report(T().tells("Started", 0).draws(10, 3), sampled(1)).draws(10, 0.5)
    assert t.claims("metering.reported_agrees", since=0).judged().verdict is INCONCLUSIVE


def exported(import_w: float, export_w: float, *, by_direction: bool) -> Verdict:
    """The verdict on what a charger reports in either direction while 5 kW flow to the grid."""
    told = [sampled(import_w), sampled(export_w, measurand="Power.Active.Export")]
    t = report(T().tells("Started", 0).flows(-5000, 3), *told).flows(-5000, 2)
    return t.claims("metering.reported_agrees", "SC-04.7", since=0, by_direction=by_direction).judged().verdict


@pytest.mark.parametrize(("told", "verdict"), [((0, 5000), PASS), ((-5000, 0), FAIL), ((-5000, 5000), FAIL)])
def test_import_and_export_have_no_sign(told: tuple[float, float], verdict: Verdict) -> None:
    """OCPP 2.1, MeasurandEnumType: what flows to the grid is an export, and no negative import."""
    assert exported(*told, by_direction=True) is verdict


def test_where_only_the_balance_is_asked_for_a_sign_tells_the_direction() -> None:
    """OCPP 2.0.1 says nothing of the sign of an import."""
    assert exported(-5000, 0, by_direction=False) is PASS


def test_a_silent_meter_is_no_place_to_compare() -> None:
    """No reading in the second before the report."""
    t = report(T().tells("Started", 0).draws(10, 3).wait(2), sampled(1))
    assert t.claims("metering.reported_agrees", since=0).judged().verdict is INCONCLUSIVE


def test_only_the_worst_of_many_decides() -> None:
    """Nine good reports do not hide the tenth."""
    t = T().tells("Started", 0).draws(10, 2)
    for n in range(9):
        report(t, sampled(6900), number=n + 1).draws(10, 1)
    t = report(t, sampled(6000), number=10).draws(10, 1).claims("metering.reported_agrees", since=0)
    assert t.judged().verdict is FAIL


def test_reports_before_since_are_none() -> None:
    """A wrong report of an earlier case is that case's matter."""
    t = report(T().tells("Started", 0).draws(10, 2), sampled(1)).named("before").draws(10, 2)
    t = report(t, sampled(6900), number=2).draws(10, 1).claims("metering.reported_agrees", since="@before")
    assert t.judged().verdict is PASS


@pytest.mark.parametrize(
    "values",
    [None, 5, [], [5], [{}], [{"sampledValue": 3}], [{"sampledValue": [4]}], [{"sampledValue": [sampled("x")]}]],
)
def test_rubbish_is_no_power(values: Any) -> None:
    """A meter value of the wrong shape is the schema's matter; here it is nothing."""
    t = T().says("TransactionEvent", {"eventType": "Updated", "meterValue": values})
    assert reported_power_w(messages(t.events)[-1]) is None


def silent(answer: str = "Accepted", *, for_s: float = 5, **values: Any) -> Verdict:
    """A session of a charger that was asked to report every second; its only later message carries `values`."""
    wanted = [{"component": {"name": "C"}, "variable": {"name": "V"}, "attributeValue": "1"}]
    t = T().asks("SetVariables", {"setVariableData": wanted}).named("every")
    t.answers({"setVariableResult": [{"attributeStatus": answer}]}).tells("Started", 0).draws(10, for_s)
    t.tells("Updated", 1, **values)
    return t.claims("metering.reported_agrees", "SC-04.7", since=0, every="@every").judged().verdict


def test_a_charger_that_accepts_an_interval_and_reports_nothing_fails() -> None:
    """J02.FR.11. One that refused the interval, had no time, or reports energy only has promised nothing else."""
    assert silent() is FAIL
    assert silent("Rejected") is INCONCLUSIVE
    assert silent("RebootRequired") is INCONCLUSIVE
    assert silent(for_s=2) is INCONCLUSIVE
    assert silent(meterValue=[{"timestamp": T().stamp(), "sampledValue": [{"value": 12.3}]}]) is INCONCLUSIVE
