"""The arithmetic between what the station permits and what the car can do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.emulator.secc import SeccConfig, StationLimits
from harness.emulator.secc.controller._limits import (
    Bounds,
    EvBounds,
    common_bounds,
    dc_current,
    narrowed,
    scaled,
    station_bounds,
    wanted_power,
)

CONFIG = SeccConfig()
CAR = EvBounds(max_charge_w=7400, min_charge_w=1400, max_discharge_w=3600, min_discharge_w=500)
watts = st.floats(0, 50_000)


def test_the_nameplate_caps_what_the_station_permits() -> None:
    """Smart charging may permit more than the hardware has; the car never hears of it."""
    station = StationLimits(max_charge_w=99_000, max_discharge_w=99_000)
    assert station_bounds(CONFIG, station, ac=False, bidirectional=True) == Bounds(22_080, 11_040)


def test_a_current_limit_binds_on_ac() -> None:
    """10 A on three phases is 6900 W, whatever the power limit says."""
    station = StationLimits(max_charge_w=22_000, per_phase_a=10)
    assert station_bounds(CONFIG, station, ac=True, bidirectional=False).charge_w == pytest.approx(6900)


def test_a_fault_permits_nothing() -> None:
    """Neither direction stays open while the station reports a fault."""
    station = StationLimits(max_charge_w=22_000, max_discharge_w=9000, fault="overheated")
    assert station_bounds(CONFIG, station, ac=False, bidirectional=True) == Bounds(0, 0)


def test_a_unidirectional_session_never_discharges() -> None:
    """A negative setpoint becomes 0 W when the car selected a service without BPT."""
    bounds = common_bounds(CONFIG, Bounds(11_000, 0), CAR, bidirectional=False)
    assert wanted_power(CONFIG, -5000, bounds, CAR) == 0


@pytest.mark.parametrize(
    ("setpoint", "wanted"), [(None, 7400), (5000, 5000), (9000, 7400), (-2000, -2000), (-9000, -3600), (0, 0)]
)
def test_the_setpoint_is_followed_within_the_cars_bounds(setpoint: float | None, wanted: float) -> None:
    """Without a setpoint the car gets all both sides permit; with one, its part that both permit."""
    bounds = common_bounds(CONFIG, Bounds(11_000, 10_000), CAR, bidirectional=True)
    assert wanted_power(CONFIG, setpoint, bounds, CAR) == wanted


@pytest.mark.parametrize("setpoint", [1000, -400])
def test_a_power_the_car_cannot_hold_becomes_zero(setpoint: float) -> None:
    """Below the car's minimum the power goes to 0, not up past the setpoint."""
    bounds = common_bounds(CONFIG, Bounds(11_000, 10_000), CAR, bidirectional=True)
    assert wanted_power(CONFIG, setpoint, bounds, CAR) == 0


def test_the_cars_currents_bind_on_dc() -> None:
    """A car with 10 A of discharge current gives 3500 W at 350 V, though it named 6000 W."""
    car = EvBounds(max_charge_w=9000, max_discharge_w=6000, max_charge_a=20, max_discharge_a=10)
    bounds = common_bounds(CONFIG, Bounds(11_000, 10_000), car, bidirectional=True, dc_u_v=350)
    assert bounds == Bounds(7000, 3500)


def test_a_full_battery_takes_nothing_and_an_empty_one_gives_nothing() -> None:
    """Beyond its own voltage limits the car's battery is left alone."""
    car = EvBounds(max_charge_w=9000, max_discharge_w=6000, max_u_v=400, min_u_v=300)
    assert common_bounds(CONFIG, Bounds(9000, 9000), car, bidirectional=True, dc_u_v=401).charge_w == 0
    assert common_bounds(CONFIG, Bounds(9000, 9000), car, bidirectional=True, dc_u_v=299).discharge_w == 0


def test_a_car_that_names_no_discharge_power_has_none() -> None:
    """Silence is no permission to discharge."""
    assert common_bounds(CONFIG, Bounds(9000, 9000), EvBounds(), bidirectional=True).discharge_w == 0


@pytest.mark.parametrize(
    ("setpoint", "told"),
    [(None, Bounds(8000, 6000)), (5000, Bounds(5000, 0)), (-2000, Bounds(0, 2000)), (0, Bounds(0, 0))],
)
def test_a_dc_car_sees_the_setpoint_in_the_bounds(setpoint: float | None, told: Bounds) -> None:
    """DC has no target field: the setpoint narrows its direction and closes the other."""
    assert narrowed(Bounds(8000, 6000), setpoint, CONFIG) == told


@given(setpoint=st.one_of(st.none(), st.floats(-60_000, 60_000)), up=watts, down=watts, ev_up=watts, ev_down=watts)
def test_no_power_ever_leaves_either_sides_bounds(
    setpoint: float | None, up: float, down: float, ev_up: float, ev_down: float
) -> None:
    """Whatever the setpoint, the power stays within station and car in both directions."""
    car = EvBounds(max_charge_w=ev_up, max_discharge_w=ev_down, min_charge_w=100, min_discharge_w=100)
    wanted = wanted_power(CONFIG, setpoint, common_bounds(CONFIG, Bounds(up, down), car, bidirectional=True), car)
    assert -min(down, ev_down) <= wanted <= min(up, ev_up)
    if setpoint is not None:
        assert abs(wanted) <= abs(setpoint)


def test_a_current_limit_follows_the_voltage() -> None:
    """The same power is more current on a lower voltage, up to the nameplate; no power is no current."""
    assert dc_current(CONFIG, 10_000, 400) == 25
    assert dc_current(CONFIG, 22_000, 200) == CONFIG.dc_max_a
    assert dc_current(CONFIG, 0, 0) == 0


@given(value=st.floats(-3e6, 3e6))
def test_a_limit_is_never_rounded_up(value: float) -> None:
    """Exponent and 16-bit value give the number back, limits never larger than it."""
    exponent, raw = scaled(value, towards_zero=True)
    assert -32768 <= raw <= 32767 and -3 <= exponent <= 3
    assert abs(raw) * 10.0**exponent <= abs(value) + 2e-6 * 10.0**exponent
    assert abs(raw * 10.0**exponent - value) <= max(1e-3, abs(value) / 3200)
