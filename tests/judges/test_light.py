"""The status light: soon enough, not too long, and like no other state."""

from __future__ import annotations

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SHOWS, SILENT, DISTINCT = "light.shows_export", "light.silent_otherwise", "light.distinct"


def shine(t: T, watts: float, colour: str, for_s: float, pattern: str = "steady") -> T:
    """So much power and such a light, ten times a second."""
    for _ in range(round(for_s * 10)):
        t.power(watts).light(colour, pattern).wait(0.1)
    return t


def session(
    *,
    late_s: float = 0.5,
    stale_s: float = 0.5,
    export: str = "purple",
    rest: str = "blue",
    charging: str = "cyan",
    free: str = "green",
) -> T:
    """Free, charging, exporting, resting: the light follows after `late_s` and lets go after `stale_s`."""
    t = shine(shine(T(), 0, free, 3), 3000, charging, 5)
    t = shine(shine(t, -5000, charging, late_s), -5000, export, 6 - late_s)
    return shine(shine(t, 0, export, stale_s), 0, rest, 5 - stale_s)


def verdict(t: T, judge: str) -> Verdict:
    """What the judge finds of it."""
    return t.claims(judge, "BI-18.1").judged().verdict


def test_a_light_that_follows_passes_all_three() -> None:
    """Half a second late each way."""
    for judge in (SHOWS, SILENT, DISTINCT):
        assert verdict(session(), judge) is PASS


def test_a_light_that_comes_late_fails_the_first_only() -> None:
    """Three seconds where two are allowed."""
    assert verdict(session(late_s=3), SHOWS) is FAIL
    assert verdict(session(late_s=3), SILENT) is PASS
    assert verdict(session(late_s=3), DISTINCT) is PASS


def test_a_light_that_stays_too_long_fails_the_second_only() -> None:
    """It still shows export three seconds after the power ceased."""
    assert verdict(session(stale_s=3), SHOWS) is PASS
    assert verdict(session(stale_s=3), SILENT) is FAIL


def test_two_seconds_are_between_two_readings() -> None:
    """Wrong until 1.9 s, right at 2.0 s passes; wrong at 2.0 s, right at 2.1 s cannot be placed."""
    assert verdict(session(late_s=2.0), SHOWS) is PASS
    assert verdict(session(late_s=2.1), SHOWS) is INCONCLUSIVE


def test_the_same_light_for_charging_and_discharging_is_not_distinct() -> None:
    """It shows something, but not which way the energy flows."""
    t = session(charging="purple")
    assert verdict(t, DISTINCT) is FAIL


def test_the_same_colour_in_another_pattern_is_distinct() -> None:
    """D5.4 prescribes no colour: a pulsing purple is told from a steady one."""
    t = shine(shine(T(), 0, "green", 3), 3000, "purple", 5)
    t = shine(shine(t, -5000, "purple", 6, "pulsing"), 0, "green", 4)
    assert verdict(t, DISTINCT) is PASS


def test_a_pulse_that_begins_bright_is_no_steady_light() -> None:
    """One colour, pulsing for charging and steady for a discharge: how a pulse begins looks steady to any sensor."""
    t = shine(T(), 0, "dark", 3, "off")
    t = shine(shine(t, 5000, "purple", 0.3), 5000, "purple", 4, "pulsing")
    t = shine(shine(t, -5000, "purple", 5), 0, "dark", 4, "off")
    assert verdict(t, "light.silent_otherwise") is PASS
    t = shine(shine(T(), 0, "dark", 3, "off"), 5000, "purple", 3)
    t = shine(shine(shine(t, 5000, "purple", 4, "pulsing"), -5000, "purple", 5), 0, "dark", 4, "off")
    assert verdict(t, "light.silent_otherwise") is FAIL  # three seconds are no beginning


def test_an_instrument_that_names_no_pattern_means_a_steady_light() -> None:
    """ "" and "steady" are one look."""
    t = shine(shine(T(), 3000, "purple", 5, ""), -5000, "purple", 6, "steady")
    assert verdict(t, DISTINCT) is FAIL


def test_a_light_that_never_changes_shows_nothing() -> None:
    """One colour throughout fails all three."""
    t = session(export="green", rest="green", charging="green")
    assert verdict(t, SHOWS) is FAIL
    assert verdict(t, SILENT) is FAIL
    assert verdict(t, DISTINCT) is FAIL


def test_a_light_that_goes_out_in_the_middle_fails() -> None:
    """Right, then wrong for a second four seconds into the export, then right again."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 4)
    t = shine(shine(shine(t, -5000, "cyan", 1), -5000, "purple", 4), 0, "blue", 5)
    assert verdict(t, SHOWS) is FAIL


def test_a_single_slip_of_the_sensor_is_no_wrong_light() -> None:
    """One reading of another colour between two right ones."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 4)
    t = shine(shine(shine(t, -5000, "red", 0.1), -5000, "purple", 4), 0, "blue", 5)
    assert verdict(t, SHOWS) is PASS
    assert verdict(t, DISTINCT) is PASS


def test_a_light_that_goes_out_before_the_power_does_is_for_people_to_weigh() -> None:
    """The last half second of the export without its light: neither praised nor blamed."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 5)
    t = shine(shine(t, -2000, "blue", 0.5), 0, "blue", 5)
    finding = t.claims(SHOWS).judged()
    assert finding.verdict is INCONCLUSIVE
    assert "before the power had ceased" in finding.seen


def test_a_light_that_goes_out_long_before_the_power_does_fails() -> None:
    """Three of eight seconds without it, at the end."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 5)
    t = shine(shine(t, -5000, "blue", 3), 0, "blue", 5)
    assert verdict(t, SHOWS) is FAIL


def test_a_light_that_announces_the_export_is_for_people_to_weigh() -> None:
    """It shows export half a second before power flows."""
    t = shine(shine(T(), 0, "green", 4), 0, "purple", 0.5)
    t = shine(shine(t, -5000, "purple", 6), 0, "blue", 5)
    finding = t.claims(SILENT).judged()
    assert finding.verdict is INCONCLUSIVE
    assert "before power flowed" in finding.seen


def test_export_light_without_any_export_before_fails() -> None:
    """It shows export for four seconds while the car charges, long before it ever exports."""
    t = shine(shine(T(), 3000, "cyan", 3), 3000, "purple", 4)
    t = shine(shine(shine(t, 3000, "cyan", 4), -5000, "purple", 6), 0, "blue", 5)
    assert verdict(t, SILENT) is FAIL


def test_no_export_proves_nothing() -> None:
    """The car only charged; or it exported for less time than the light may take."""
    t = shine(shine(T(), 0, "green", 3), 3000, "cyan", 5)
    for judge in (SHOWS, SILENT, DISTINCT):
        assert verdict(t, judge) is INCONCLUSIVE
    t = shine(shine(T(), 0, "green", 3), -5000, "purple", 2)
    assert verdict(t, SHOWS) is INCONCLUSIVE


def test_no_light_proves_nothing() -> None:
    """Nobody looked."""
    t = T().flows(3000, 3).flows(-5000, 6).flows(0, 4)
    for judge in (SHOWS, SILENT, DISTINCT):
        assert verdict(t, judge) is INCONCLUSIVE


def test_a_car_that_never_charged_leaves_nothing_to_compare() -> None:
    """Export and rest only."""
    t = shine(shine(T(), 0, "green", 4), -5000, "purple", 6)
    assert verdict(t, DISTINCT) is INCONCLUSIVE


def test_a_sensor_that_sleeps_through_half_the_export_proves_nothing() -> None:
    """Three unwatched seconds in the middle of the export."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 3)
    t.flows(-5000, 3)
    t = shine(shine(t, -5000, "purple", 3), 0, "blue", 5)
    assert verdict(t, SHOWS) is INCONCLUSIVE


def test_a_silent_meter_ends_the_export_that_is_known() -> None:
    """Nobody knows whether power flowed in the three seconds in which the light was wrong."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 5)
    for _ in range(30):
        t.light("blue").wait(0.1)
    t = shine(shine(t, -5000, "purple", 5), 0, "blue", 5)
    assert verdict(t, SHOWS) is PASS


def test_power_at_the_threshold_is_neither_export_nor_rest() -> None:
    """-105 W with 15 W of uncertainty: the light may show either."""
    t = shine(shine(T(), 3000, "cyan", 5), -5000, "purple", 5)
    t = shine(shine(t, -105, "blue", 5), 0, "blue", 5)
    assert verdict(t, SHOWS) is PASS
    assert verdict(t, SILENT) is PASS


def test_a_person_who_looks_now_and_then_is_a_sensor_too() -> None:
    """One look in each state: right or wrong, but no time to follow can be read from it."""
    for seen, expected in (("purple", PASS), ("cyan", FAIL)):
        t = T().flows(3000, 4).light("cyan").flows(3000, 2).flows(-5000, 5).light(seen).flows(-5000, 2)
        t.flows(0, 5).light("blue").flows(0, 2)
        assert verdict(t, DISTINCT) is expected
    t = T().flows(3000, 4).light("cyan").flows(3000, 2).flows(-5000, 5).light("purple").flows(-5000, 2)
    t.flows(0, 5).light("blue").flows(0, 2)
    assert verdict(t, SHOWS) is PASS
    assert verdict(t, SILENT) is PASS


def test_what_comes_after_the_claim_is_not_part_of_it() -> None:
    """A later session with a wrong light."""
    t = session().claims(SHOWS)
    t = shine(shine(t, -5000, "cyan", 6), 0, "blue", 3)
    assert t.all_judged()[0].finding.verdict is PASS
