"""Limits whose time comes by itself, and grid-code settings at the meter."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T, profile

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def for_later(after_s: float = 6, *, by: str = "start", **how: Any) -> T:
    """A car at 16 A, and at 2 s a limit of 9 A that begins so many seconds after, by its schedule or its validity."""
    t = T().draws(16, 2)
    body = profile(9, at_s=8 if by == "start" else 0)
    if by == "valid":
        body["chargingProfile"]["validFrom"] = t.stamp(2 + after_s)
    return t.asks("SetChargingProfile", body).named("limit").wait(0.05).answers(**how)


@pytest.mark.parametrize("by", ["start", "valid"])
@pytest.mark.parametrize(
    ("amps", "verdict"),
    [(8.9, PASS), (16, FAIL)],
)
def test_a_limit_for_later_counts_from_its_time(by: str, amps: float, verdict: Verdict) -> None:
    """16 A flow until its time; from then on it has the response time, and then holds or does not."""
    t = for_later(by=by).draws(16, 7).draws(amps, 12).claims("later.holds", limit="@limit")
    assert t.judged().verdict is verdict


def test_what_flows_before_its_time_is_nobody_s_fault() -> None:
    """Its time has only just come when the look ends: nothing can be said."""
    t = for_later().draws(16, 8).claims("later.holds", limit="@limit")
    assert t.judged().verdict is INCONCLUSIVE


def test_a_refused_limit_for_later_is_not_followed() -> None:
    """The car happens to draw little when its time comes, but the charger had refused the limit."""
    t = for_later(payload="Rejected").draws(16, 6).draws(8, 5).claims("later.holds", limit="@limit")
    assert t.judged().verdict is FAIL


@pytest.mark.parametrize(("amps", "verdict"), [(16, PASS), (9, FAIL), (13.02, INCONCLUSIVE)])
def test_before_its_time_a_limit_does_not_bind(amps: float, verdict: Verdict) -> None:
    """13 A and more flow as before; fewer are the limit's, and near the border nobody can say."""
    t = for_later().draws(amps, 3).claims("later.not_yet", limit="@limit", value=13)
    assert t.judged().verdict is verdict


def test_after_its_time_nobody_says_that_it_was_early() -> None:
    """Looked at too late, and at a limit without a moment of its own: inconclusive."""
    t = for_later().draws(9, 8).claims("later.not_yet", limit="@limit", value=13)
    assert t.judged().verdict is INCONCLUSIVE
    t = T().draws(16, 2).limits_to(9, kind="Relative").draws(9, 3).claims("later.not_yet", limit="@limit", value=13)
    assert t.judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(("then", "verdict"), [(7.9, PASS), (13, FAIL)])
def test_a_limit_takes_over_when_the_one_above_is_over(then: float, verdict: Verdict) -> None:
    """Some seconds after the line was cut, the limit below holds; what is drawn until then is not its business."""
    t = T().limits_to(8).wait(1).acts("csms.network", "cut:reset").named("cut").draws(13, 7).draws(then, 12)
    assert t.claims("later.holds", limit="@limit", since="@cut", after_s=6).judged().verdict is verdict


@pytest.mark.parametrize(("watts", "verdict"), [(-1500, PASS), (-3000, FAIL), (-200, FAIL)])
def test_a_setpoint_that_takes_over_is_reached_from_both_sides(watts: float, verdict: Verdict) -> None:
    """1500 W to the grid are neither more nor fewer."""
    t = T().limits_to(None, "W", setpoint=-1500).acts("csms.network", "cut:reset").named("cut")
    t.flows(-3000, 5).flows(watts, 14)
    t.claims("later.holds", "BI-16.1", limit="@limit", since="@cut", after_s=4, field="setpoint")
    assert t.judged().verdict is verdict


def discharge_limit(**timed: Any) -> T:
    """4 kW to the grid, and a limit of 20 % of what is rated."""
    t = T(version="ocpp2.1").flows(-4000, 2)
    body = {"priority": 5, "pctMaxDischargePower": 20, **timed}
    request = {"isDefault": not timed, "controlId": "c", "controlType": "LimitMaxDischarge", "limitMaxDischarge": body}
    return t.asks("SetDERControl", request).named("set").wait(0.05).answers()


@pytest.mark.parametrize(("watts", "verdict"), [(-2000, PASS), (-1000, PASS), (0, PASS), (-4000, FAIL), (1500, FAIL)])
def test_no_more_than_its_share_goes_to_the_grid(watts: float, verdict: Verdict) -> None:
    """A fifth of 11 kW at most; less is no fault, and charging instead is none of it."""
    t = discharge_limit().flows(-4000, 2).flows(watts, 12)
    assert t.claims("der_power.capped", "BI-20.3", call="@set", rated_w=11000).judged().verdict is verdict


@pytest.mark.parametrize(("watts", "verdict"), [(-2000, PASS), (-4000, FAIL)])
def test_a_setting_for_later_counts_from_its_start(watts: float, verdict: Verdict) -> None:
    """It starts six seconds after it was sent."""
    t = discharge_limit(startTime=T().stamp(8), duration=60).flows(-4000, 7).flows(watts, 12)
    assert t.claims("der_power.capped", "BI-20.3", call="@set", rated_w=11000).judged().verdict is verdict
