"""Schedules at the meter: later steps, what ends by itself, and what has to hold for long."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import LIMITS, T, limit, profile

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
STEPS = [{"startPeriod": 0, "limit": 9}, {"startPeriod": 20, "limit": 7}, {"startPeriod": 40, "limit": 12}]


def planned(*, skew_s: float = 0.0, **more: Any) -> T:
    """9 A from now on, 7 A after 20 s, 12 A after 40 s; the charger's clock may differ."""
    t = T(skew_s=skew_s).tells("Started", 0).is_answered().draws(16, 2)
    t.asks("SetChargingProfile", profile(None, at_s=t.now_s + skew_s, periods=STEPS, **more)).named("limit")
    return t.answers()


@pytest.mark.parametrize(("second_a", "verdict"), [(7, PASS), (9, FAIL)])
def test_a_second_step_is_judged_from_when_it_begins(second_a: float, verdict: Verdict) -> None:
    """Down to 7 A in time: pass; still at the first step's 9 A: fail."""
    t = planned().draws(9, 21).draws(second_a, 13)
    assert t.claims("setpoints.limit_holds", limit="@limit", period=1).judged().verdict is verdict


@pytest.mark.parametrize(("third_a", "verdict"), [(12, PASS), (7, FAIL), (16, FAIL)])
def test_a_step_up_is_judged_from_when_it_begins(third_a: float, verdict: Verdict) -> None:
    """Up to 12 A and no further."""
    t = planned().draws(9, 20).draws(7, 21).draws(third_a, 13)
    assert t.claims("setpoints.rises_to", limit="@limit", period=2, value=11).judged().verdict is verdict


def test_a_step_begins_by_the_charger_s_clock() -> None:
    """It is 60 s ahead, and was told its own time: by ours the step begins 20 s after the request all the same."""
    t = planned(skew_s=60).draws(9, 21).draws(7, 13)
    assert t.claims("setpoints.limit_holds", limit="@limit", period=1).judged().verdict is PASS


@pytest.mark.parametrize(("more", "after_s"), [({"duration": 20}, 20), ({"validTo": "2026-11-22T12:00:32Z"}, 30)])
@pytest.mark.parametrize(("then_a", "verdict"), [(12, PASS), (9, FAIL), (16, FAIL)])
def test_what_is_over_leaves_the_next_limit(
    more: dict[str, Any], after_s: float, then_a: float, verdict: Verdict
) -> None:
    """12 A for the station; 9 A for as long as a duration or a validity says: then 12 A, no less and no more."""
    t = T().draws(16, 1).limits_to(12, number=1, purpose="ChargingStationMaxProfile").named("answer").draws(12, 0.95)
    outer = t.events[t["limit"]].seq
    t.asks("SetChargingProfile", profile(9, at_s=t.now_s, **more)).named("short").answers()
    t.draws(9, after_s + 1).draws(then_a, 13)
    found = t.claims("setpoints.rises_to_other", "PR-15.2", ended="@short", limit=outer, value=11).judged()
    assert found.verdict is verdict, found.seen


@pytest.mark.parametrize(("kept_s", "verdict"), [(70, PASS), (20, INCONCLUSIVE)])
def test_what_has_to_hold_for_long_is_watched_for_long(kept_s: float, verdict: Verdict) -> None:
    """The role that the claim names says how long."""
    roles = {**LIMITS, "long_dwell": limit("long_dwell", 60)}
    t = T().draws(16, 2).limits_to(10).draws(16, 1).draws(9.9, kept_s)
    assert t.claims("setpoints.limit_holds", limit="@limit", hold="long_dwell").judged(roles).verdict is verdict


def test_a_limit_that_lapses_fails_however_long_it_held() -> None:
    """Kept for 15 s, and gone at the end."""
    roles = {**LIMITS, "long_dwell": limit("long_dwell", 60)}
    t = T().draws(16, 2).limits_to(10).draws(9.9, 15).draws(16, 50)
    assert t.claims("setpoints.limit_holds", limit="@limit", hold="long_dwell").judged(roles).verdict is FAIL


def test_a_clock_of_whole_seconds_seems_late_and_is_not() -> None:
    """Its time stamps are cut off and lie behind; the step that came on time was not there before."""
    t = T(skew_s=-0.6).tells("Started", 0).is_answered().draws(16, 2)
    t.asks("SetChargingProfile", profile(None, at_s=t.now_s, periods=STEPS)).named("limit").answers()
    t.draws(9, 20).draws(7, 13)
    assert t.claims("setpoints.limit_holds", limit="@limit", period=1).judged().verdict is PASS
