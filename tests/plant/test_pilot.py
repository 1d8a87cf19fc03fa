"""The control pilot by IEC 61851-1: duty cycle, levels, and what faults look like on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.emulator.plant import current_for_duty, duty_for_current, pilot_wave


@pytest.mark.parametrize(
    ("offer_a", "duty_pct"), [(6, 10.0), (10, 16.6), (16, 26.6), (32, 53.3), (51, 85.0), (63, 89.2), (80, 96.0)]
)
def test_a_current_has_its_duty_cycle(offer_a: float, duty_pct: float) -> None:
    """The offered current maps to IEC 61851-1's duty cycle, rounded down to what the oscillator resolves."""
    assert duty_for_current(offer_a) == duty_pct


@pytest.mark.parametrize("offer_a", [0.0, 3.0, 5.99])
def test_less_than_six_amperes_cannot_be_offered(offer_a: float) -> None:
    """Below 6 A the pilot is steady: there is no duty cycle for it."""
    assert duty_for_current(offer_a) == 100.0
    assert current_for_duty(100.0) == 0.0


@given(st.floats(min_value=6.0, max_value=80.0))
def test_never_more_is_offered_than_allowed(offer_a: float) -> None:
    """What a car reads from the duty cycle never exceeds the limit; just above 51 A the two slopes leave a gap."""
    read_a = current_for_duty(duty_for_current(offer_a))
    assert offer_a - (1.76 if 51 < offer_a < 52.76 else 0.3) <= read_a <= offer_a + 1e-9


@pytest.mark.parametrize("duty_pct", [0.0, 2.9, 5.0, 7.5, 97.5, 100.0])
def test_duty_cycles_that_offer_nothing(duty_pct: float) -> None:
    """No oscillation, digital communication and the error bands offer no current."""
    assert current_for_duty(duty_pct) == 0.0


@pytest.mark.parametrize(("state", "high_v"), [("A", 12.0), ("B", 9.0), ("C", 6.0), ("D", 3.0)])
def test_states_have_their_levels(state: str, high_v: float) -> None:
    """A to D differ by their upper level; a healthy diode keeps the lower one at -12 V."""
    wave = pilot_wave(state, 26.6)
    assert (wave.u_high_v, wave.u_low_v, wave.freq_hz) == (high_v, -12.0, 1000.0)


def test_a_steady_pilot_has_one_level() -> None:
    """Without the oscillator both levels are the same and there is no frequency."""
    wave = pilot_wave("B", 100.0)
    assert (wave.u_high_v, wave.u_low_v, wave.freq_hz, wave.oscillates) == (9.0, 9.0, 0.0, False)


def test_a_bridged_diode_loads_the_negative_half() -> None:
    """Without the diode the car's resistance pulls the lower level up."""
    assert pilot_wave("C", 26.6, diode_ok=False).u_low_v == -6.0


def test_a_short_to_earth_kills_both_levels() -> None:
    """State E is 0 V, whatever the EVSE would like to send."""
    wave = pilot_wave("E", 26.6)
    assert (wave.u_high_v, wave.u_low_v) == (0.0, 0.0)
