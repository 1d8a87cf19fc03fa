"""Power that has to go for safety, and stay away."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def fault(before_w: float = 3000) -> T:
    """Two seconds of power, then a pilot at earth."""
    return T().flows(before_w, 2).acts("pilot", "STATE E").named("fault")


def goes(t: T) -> Verdict:
    """What the judge finds of power that has to go."""
    return t.claims("power_off.goes", "SC-07.10", since="@fault").judged().verdict


def stays(t: T) -> Verdict:
    """What the judge finds of power that was away before."""
    return t.claims("power_off.stays_away", "SC-07.10", since="@fault").judged().verdict


@pytest.mark.parametrize("watts", [3000, -3000])
def test_power_that_goes_in_time_passes_in_either_direction(watts: float) -> None:
    """One second, where three are agreed."""
    assert goes(fault(watts).flows(watts, 1).flows(0, 6)) is PASS


@pytest.mark.parametrize("watts", [3000, -3000])
def test_power_that_stays_fails(watts: float) -> None:
    """It flows on, to the car or to the grid."""
    assert goes(fault(watts).flows(watts, 6)) is FAIL


def test_power_that_comes_back_while_the_fault_stands_fails() -> None:
    """It went at once, and was back two seconds later."""
    assert goes(fault().flows(0, 4).flows(3000, 2)) is FAIL


def test_where_nothing_flowed_nothing_could_go() -> None:
    """A rest before the fault proves nothing of switching off."""
    assert goes(fault(0).flows(0, 6)) is INCONCLUSIVE


def test_a_silent_meter_shows_no_power_going() -> None:
    """Two seconds without a reading."""
    assert goes(fault().flows(0, 1).wait(2).flows(0, 4)) is INCONCLUSIVE


def test_power_that_was_away_has_to_stay_away() -> None:
    """Away all the time passes; power after five seconds fails."""
    assert stays(fault(0).flows(0, 7)) is PASS
    assert stays(fault(0).flows(0, 5).flows(3000, 2)) is FAIL


def test_power_before_the_fault_is_for_the_other_judge() -> None:
    """What flowed at the fault was not away."""
    assert stays(fault(3000).flows(0, 7)) is INCONCLUSIVE


def test_a_short_look_does_not_show_that_it_stayed_away() -> None:
    """Two seconds, where the charger has three to switch off."""
    assert stays(fault(0).flows(0, 2)) is INCONCLUSIVE
