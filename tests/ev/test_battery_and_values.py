"""The battery over an injected clock, and numbers as the standard writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ev_emulator import Battery
from ev_emulator._values import number, phases_sum, rational


class HandClock:
    """A clock a test turns by hand."""

    def __init__(self) -> None:
        self.s = 0.0

    def mono_ns(self) -> int:
        return int(self.s * 1e9)


def test_power_becomes_energy_over_time() -> None:
    """An hour at −5 kW takes 5 kWh out; power may change on the way."""
    clock = HandClock()
    battery = Battery(50_000, 60, clock)
    battery.power_w = -5000
    clock.s = 3600
    assert battery.energy_wh == pytest.approx(25_000)
    battery.power_w = 10_000
    clock.s = 7200
    assert battery.soc_pct == pytest.approx(70)
    assert battery.energy_to_wh(80) == pytest.approx(5000)


def test_energy_stays_between_empty_and_full() -> None:
    """A battery cannot hold more than it can, nor less than nothing; its voltage follows the state of charge."""
    clock = HandClock()
    battery = Battery(1000, 50, clock, empty_v=300, full_v=400)
    assert battery.voltage_v == pytest.approx(350)
    battery.power_w = 1e6
    clock.s = 60
    assert (battery.soc_pct, battery.voltage_v) == (100, 400)
    battery.power_w = -1e6
    clock.s = 120
    assert (battery.soc_pct, battery.voltage_v) == (0, 300)


def test_an_impossible_battery() -> None:
    """A state of charge above 100 % is refused."""
    with pytest.raises(ValueError, match="cannot be"):
        Battery(1000, 101, HandClock())


@given(st.floats(-1e9, 1e9))
def test_rational_numbers_keep_four_digits(value: float) -> None:
    """Whatever a car measures fits a short and an exponent, to one part in ten thousand or a thousandth."""
    written = rational(value)
    assert -32768 <= written["Value"] <= 32767
    assert number(written) == pytest.approx(value, rel=2e-4, abs=5.1e-4)


def test_too_large_a_number_is_refused() -> None:
    """A number no RationalNumber of ours can hold is an error, not a wrong value."""
    with pytest.raises(ValueError, match="does not fit"):
        rational(1e12)


def test_powers_over_phases() -> None:
    """Alone the plain element is the whole power; beside _L2 and _L3 it is L1's."""
    one, two = rational(3000), rational(1000)
    assert phases_sum({"P": one}, "P") == 3000
    assert phases_sum({"P": one, "P_L2": two, "P_L3": two}, "P") == 5000
    assert phases_sum({}, "P") is None
