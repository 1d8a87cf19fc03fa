"""Control pilot and contact voltage: states, duty cycle, switching off."""

from __future__ import annotations

import pytest

from harness.judge import Limits, Verdict
from harness.judge.bench.pilot import advertised_a
from tests.judges._trace import LIMITS, T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def free_then_plugged() -> T:
    """No car for a second, then one that is not ready for a second."""
    return T().stays("A", False, 1).stays("B", False, 1)


def no_voltage(t: T) -> Verdict:
    """The verdict on SC-07.2."""
    return t.claims("pilot.no_voltage_in", "SC-07.2", states=["A", "B"]).judged().verdict


def test_dead_contacts_pass() -> None:
    """No voltage in A nor in B."""
    assert no_voltage(free_then_plugged()) is PASS


@pytest.mark.parametrize("state", ["A", "B"])
def test_voltage_in_either_state_fails(state: str) -> None:
    """One reading with voltage, well after the state began."""
    assert no_voltage(free_then_plugged().stays(state, False, 0.6).pilot(state, True)) is FAIL


def test_voltage_in_c_is_none_of_it() -> None:
    """State C is where voltage belongs."""
    assert no_voltage(free_then_plugged().stays("C", True, 2).stays("B", True, 0.3).stays("B", False, 1)) is PASS


def test_a_state_that_was_not_seen_is_not_proven() -> None:
    """Only A was observed."""
    assert no_voltage(T().stays("A", False, 2)) is INCONCLUSIVE


def test_a_state_seen_in_passing_is_not_proven() -> None:
    """Half a second of B is what the charger has to switch off in: nothing was observed of B itself."""
    assert no_voltage(T().stays("A", False, 2).stays("B", False, 0.5)) is INCONCLUSIVE


def test_a_box_that_does_not_see_the_voltage_proves_nothing() -> None:
    """Readings without `mains_on` say nothing about the contacts."""
    assert no_voltage(T().stays("A", None, 1).stays("B", None, 1)) is INCONCLUSIVE


def test_a_silence_is_not_counted_as_observed() -> None:
    """Two readings of B, two seconds apart."""
    t = T().stays("A", False, 1).pilot("B").wait(2).pilot("B")
    assert no_voltage(t) is INCONCLUSIVE


def energised(t: T) -> Verdict:
    """The verdict on SC-07.3."""
    return t.claims("pilot.energised_in_c", "SC-07.3").judged().verdict


@pytest.mark.parametrize("state", ["C", "D"])
def test_voltage_after_the_car_asked_passes(state: str) -> None:
    """On in C (or D, with ventilation)."""
    assert energised(free_then_plugged().stays(state, False, 0.3).stays(state, True, 1)) is PASS


@pytest.mark.parametrize("state", ["A", "B", "E"])
def test_voltage_before_the_car_asked_fails(state: str) -> None:
    """On in any other state."""
    assert energised(free_then_plugged().stays(state, False, 0.3).stays(state, True, 1)) is FAIL


def test_every_switching_on_counts_not_only_the_first() -> None:
    """Properly at first, then once more while the car is not ready."""
    t = free_then_plugged().stays("C", True, 1).stays("B", False, 1).stays("B", True, 0.2)
    assert energised(t) is FAIL


def test_voltage_that_never_came_proves_nothing() -> None:
    """And neither does voltage that was on from the start."""
    assert energised(free_then_plugged().stays("C", False, 2)) is INCONCLUSIVE
    assert energised(T().stays("C", True, 2)) is INCONCLUSIVE


def test_a_switching_between_two_readings_is_not_guessed() -> None:
    """Off in C, on in B: which came first was not seen."""
    assert energised(free_then_plugged().stays("C", False, 0.3).stays("B", True, 0.3)) is INCONCLUSIVE


@pytest.mark.parametrize(
    ("duty", "amps"),
    [(10, 6), (16, 9.6), (50, 30), (85, 51), (90, 65), (96, 80), (8, 6), (9, 6), (7.6, 6)],
)
def test_duty_cycle_to_current(duty: float, amps: float) -> None:
    """The table of IEC 61851-1 as two manuals give it (reference numbers of the catalogue)."""
    told = advertised_a(duty, Limits(LIMITS))
    assert told is not None
    assert told[0] == pytest.approx(amps)


@pytest.mark.parametrize("duty", [0, 3, 5, 7, 100])
def test_duty_cycles_that_offer_nothing(duty: float) -> None:
    """Below 8 % and at a steady voltage no current is offered."""
    assert advertised_a(duty, Limits(LIMITS)) is None


def advertised(duty: float, current_a: float = 13) -> T:
    """A second of this duty cycle."""
    t = T().stays("C", True, 1.2, duty=duty)
    return t.claims("pilot.duty_advertises", "SC-07.4", current_a=current_a)


@pytest.mark.parametrize(
    ("duty", "verdict"), [(21.7, PASS), (22.3, PASS), (22.66, INCONCLUSIVE), (25, FAIL), (53.3, FAIL)]
)
def test_the_duty_cycle_tells_the_limit(duty: float, verdict: Verdict) -> None:
    """13 A are 21.7 %; 0.6 A above is the border, and the box knows a duty cycle to 0.3 %."""
    assert advertised(duty).judged().verdict is verdict


@pytest.mark.parametrize(
    ("duty", "verdict"), [(20, PASS), (18.9, PASS), (18.2, INCONCLUSIVE), (16, FAIL), (10.8, FAIL)]
)
def test_a_margin_below_the_limit_is_no_fault(duty: float, verdict: Verdict) -> None:
    """A duty cycle names the most that may be drawn (IEC 61851-1 Annex A): 2 A less is the contract's border."""
    assert advertised(duty).judged().verdict is verdict


def test_the_high_range_is_known_less_well() -> None:
    """0.3 % are 0.75 A above 85 %: 0.7 A off may be the instrument's."""
    assert advertised(90.28, 65).judged().verdict is INCONCLUSIVE


def test_digital_communication_says_nothing_about_the_limit() -> None:
    """5 % leaves the limit to ISO 15118."""
    assert advertised(5).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize("duty", [100, 2])
def test_a_pilot_that_forbids_charging_does_not_advertise_13_a(duty: float) -> None:
    """A steady voltage or 2 % while 13 A are in force."""
    assert advertised(duty).judged().verdict is FAIL


def test_a_silent_pilot_box_proves_no_duty_cycle() -> None:
    """The last reading is two seconds old, or there are too few."""
    t = T().stays("C", True, 1, duty=21.7).wait(2).claims("pilot.duty_advertises", current_a=13)
    assert t.judged().verdict is INCONCLUSIVE
    t = T().stays("C", True, 1, duty=21.7).wait(0.8).claims("pilot.duty_advertises", current_a=13)
    assert t.judged().verdict is INCONCLUSIVE


def left(on_for_s: float, off_for_s: float = 1.0, every_s: float = 0.05) -> T:
    """The car leaves state C; the voltage stays for a while."""
    t = T().stays("C", True, 1).acts("pilot", "STATE B").named("left")
    return t.stays("B", True, on_for_s, every_s).stays("B", False, off_for_s, every_s)


def off(t: T) -> Verdict:
    """The verdict on switching off."""
    return t.claims("pilot.switches_off", "SC-07.5", since="@left").judged().verdict


@pytest.mark.parametrize(
    ("on_for_s", "verdict"), [(0.1, PASS), (0.0, PASS), (0.4, PASS), (0.5, PASS), (0.55, INCONCLUSIVE), (0.7, FAIL)]
)
def test_the_voltage_goes_in_time(on_for_s: float, verdict: Verdict) -> None:
    """Half a second; a switching between the readings either side of it cannot be placed."""
    assert off(left(on_for_s)) is verdict


def test_a_contact_that_closes_again_fails() -> None:
    """Off after 0.2 s, on again after 0.8 s, off."""
    assert off(left(0.2, 0.6).stays("B", True, 0.2).stays("B", False, 1)) is FAIL


def test_a_contact_that_never_opens_fails() -> None:
    """Still on after a second."""
    assert off(left(1.0, 0)) is FAIL


def test_nobody_watched_whether_it_stayed_off() -> None:
    """One reading without voltage, then the claim."""
    assert off(left(0.1, 0.1)) is INCONCLUSIVE


def test_nothing_was_on_so_nothing_went_off() -> None:
    """No voltage before the car left."""
    t = T().stays("C", False, 1).acts("pilot", "STATE B").named("left").stays("B", False, 1)
    assert off(t) is INCONCLUSIVE


def test_voltage_long_before_is_no_voltage_before() -> None:
    """The last readings with voltage are three seconds old."""
    t = T().stays("C", True, 1).wait(3).acts("pilot", "STATE B").named("left").stays("B", False, 1)
    assert off(t) is INCONCLUSIVE


def test_a_box_that_fell_silent_saw_nothing() -> None:
    """Not a reading after the car left; or none for two seconds."""
    t = T().stays("C", True, 1).acts("pilot", "STATE B").named("left").wait(2)
    assert off(t) is INCONCLUSIVE
    t = T().stays("C", True, 1).acts("pilot", "STATE B").named("left").pilot("B", True).wait(2).stays("B", False, 1)
    assert off(t) is INCONCLUSIVE


def test_the_cars_state_changed_when_the_box_said_so() -> None:
    """The box took 0.3 s to carry out the command: that time is not the charger's."""
    t = T().stays("C", True, 1).acts("pilot", "STATE B").named("left").stays("B", True, 0.3)
    t.event("bench.reply", "bench.pilot", role="pilot", reply="OK", action=t["left"])
    t.stays("B", True, 0.25).stays("B", False, 1)
    # seen with voltage 0.25 s after the reply, without it 0.6 s after the command
    assert off(t) is INCONCLUSIVE


def test_an_unconfirmed_limit_gives_neither_pass_nor_fail() -> None:
    """SC-07.8's 0.1 s has one source only: the verdict names what it would have been."""
    for on_for_s, would in ((0.0, "would be pass"), (0.4, "would be fail")):
        t = left(on_for_s).claims("pilot.switches_off", "SC-07.8", since="@left")
        finding = t.judged()
        assert finding.verdict is INCONCLUSIVE
        assert would in finding.seen
        assert finding.measurements


def faulty(t: T, *, for_s: float = 4, on: bool = False) -> Verdict:
    """The verdict after a fault in state B, a car that asks in spite of it, and perhaps voltage for one reading."""
    t = t.acts("pilot", "DIODE SHORT").named("fault").stays("B", False, 0.5).stays("C", False, for_s - 0.5)
    t = t.pilot("C", True).wait(0.05).stays("C", False, 0.5) if on else t
    return t.claims("pilot.stays_off", "SC-07.6", since="@fault").judged().verdict


def test_contacts_that_stay_dead_with_a_fault_pass() -> None:
    """No voltage for as long as a charger has to see the fault."""
    assert faulty(T().stays("B", False, 1)) is PASS


def test_voltage_for_one_reading_is_a_fail() -> None:
    """A charger that switches on and then notices has switched on."""
    assert faulty(T().stays("B", False, 1), on=True) is FAIL


def test_a_fault_that_was_watched_too_short_proves_nothing() -> None:
    """Two seconds, where a charger has three."""
    assert faulty(T().stays("B", False, 1), for_s=2) is INCONCLUSIVE


def test_voltage_from_before_the_fault_is_another_matter() -> None:
    """It has to be switched off, and never was off; and a box that was silent then says nothing."""
    assert faulty(T().stays("B", True, 1)) is INCONCLUSIVE
    assert faulty(T()) is INCONCLUSIVE


def test_a_silence_of_the_box_is_no_dead_contact() -> None:
    """Between two readings two seconds apart there may have been voltage."""
    t = T().stays("B", False, 1).acts("pilot", "DIODE SHORT").named("fault").stays("C", False, 2).wait(2)
    t = t.stays("C", False, 1).claims("pilot.stays_off", "SC-07.6", since="@fault")
    assert t.judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(53.3, PASS), (21.7, PASS), (53.8, PASS), (66.7, FAIL), (100, INCONCLUSIVE), (5, INCONCLUSIVE)],
)
def test_no_limit_raises_what_the_pilot_offers(after: float, verdict: Verdict) -> None:
    """32 A are 53.3 %; 40 A are more than it offered by itself."""
    t = T().stays("C", True, 1.5, duty=53.3).named("own").wait(0.1).acts("pilot", "READ").named("sent")
    t.stays("C", True, 2, duty=after)
    how = {"than": "@own", "since": "@sent", "rated_a": 32}
    assert t.claims("pilot.offers_no_more", "SC-07.4", **how).judged().verdict is verdict


def test_more_than_before_within_its_rating_may_be_another_limit_s_end() -> None:
    """16 A, and then 32 A, by a station rated for these: the site may have held it before."""
    t = T().stays("C", True, 1.5, duty=26.7).named("own").wait(0.1).acts("pilot", "READ").named("sent")
    t.stays("C", True, 2, duty=53.3).claims("pilot.offers_no_more", "SC-07.4", than="@own", since="@sent", rated_a=32)
    assert t.judged().verdict is INCONCLUSIVE
