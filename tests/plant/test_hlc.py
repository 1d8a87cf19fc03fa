"""Charging with digital communication: the DC power stage, discharge, and the AC car that follows its own command."""

from __future__ import annotations

import pytest

from harness.emulator._ports import PowerLimits
from harness.emulator.plant import Plant, dc_side_w, grid_side_w
from tests.plant._drive import run


def dc_plant(limits: PowerLimits) -> Plant:
    """A DC car in state C, authorised, in the charge loop, with a target that is set by the test."""
    plant = Plant()
    plant.allow(limits)
    plant.plug(2)
    plant.enable(True)
    plant.set_car_state("C")
    plant.hlc(charging=False, output_on=True, target_u_v=392)
    run(plant, 1)
    return plant


BOTH = PowerLimits(charge_w=11000, discharge_w=11040, per_phase_a=32)


def test_dc_asks_for_digital_communication_from_the_start() -> None:
    """Connector 2 shows 5 % as soon as a car is there, and no voltage."""
    plant = Plant()
    plant.plug(2)
    assert plant.wave().duty_pct == 5.0
    plant.enable(True)
    plant.set_car_state("C")
    run(plant, 2)
    assert not plant.contactor_closed


def test_pre_charge_brings_the_voltage_without_current() -> None:
    """Cable check and pre-charge put the wanted voltage on the output; no power flows."""
    plant = dc_plant(BOTH)
    now = plant.readings()
    assert plant.contactor_closed
    assert now.dc_u_v == pytest.approx(392, abs=0.5)
    assert now.p_w == 0


def test_the_power_stage_follows_the_car_within_the_station_s_limit() -> None:
    """The car's target is served until the station's limit, at the grid side, is lower."""
    plant = dc_plant(BOTH)
    plant.hlc(charging=True, target_p_w=5000)
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(grid_side_w(5000), rel=0.001)
    plant.hlc(charging=True, target_p_w=50_000)
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(11000, rel=0.001)


def test_discharge_has_the_sign_of_the_grid() -> None:
    """Negative is export: the other register counts, and losses let the grid see less than the car gives."""
    plant = dc_plant(BOTH)
    plant.hlc(charging=True, target_p_w=-5000)
    run(plant, 10)
    now = plant.readings()
    assert now.p_w == pytest.approx(-4850, rel=0.001)
    assert now.dc_i_a is not None and now.dc_i_a < 0
    assert now.export_wh > 10
    assert now.import_wh == 0
    assert all(each > 0 for each in now.i_a)


def test_without_a_discharge_limit_nothing_comes_out() -> None:
    """A car that offers energy gets no current as long as the station does not want it."""
    plant = dc_plant(PowerLimits(charge_w=11000, discharge_w=0, per_phase_a=32))
    plant.hlc(charging=True, target_p_w=-5000)
    run(plant, 2)
    assert plant.readings().p_w == 0


def test_a_setpoint_bounds_its_direction_and_closes_the_other() -> None:
    """With a setpoint of -3 kW a car that would give 9 kW gives 3, and one that would take gets nothing."""
    plant = dc_plant(PowerLimits(charge_w=11000, discharge_w=11040, per_phase_a=32, setpoint_w=-3000))
    plant.hlc(charging=True, target_p_w=-9000)
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(-3000, abs=1)
    plant.hlc(charging=True, target_p_w=9000)
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(0, abs=1)


def test_the_car_s_own_limit_holds_at_its_terminals() -> None:
    """A car that gives at most 2 kW is never asked for more, whatever the setpoint."""
    plant = dc_plant(PowerLimits(charge_w=11000, discharge_w=11040, per_phase_a=32, setpoint_w=-8000))
    plant.hlc(charging=True, target_p_w=-9000, max_discharge_w=2000)
    run(plant, 2)
    now = plant.readings()
    assert now.dc_u_v is not None and now.dc_i_a is not None
    assert now.dc_u_v * now.dc_i_a == pytest.approx(-2000, abs=2)


def test_power_off_ramps_down_then_opens() -> None:
    """After PowerDelivery(Stop) the stage ramps to zero and the contactor opens without load."""
    plant = dc_plant(BOTH)
    plant.hlc(charging=True, target_p_w=10_000)
    run(plant, 2)
    plant.hlc(charging=False)
    run(plant, 2)
    assert plant.readings().p_w == 0
    assert not plant.contactor_closed


def test_an_ac_car_that_talks_follows_its_own_command() -> None:
    """With ISO 15118 the duty cycle is 5 % and the car's charger runs as it was told, also backwards."""
    plant = Plant()
    plant.plug(1)
    plant.enable(True)
    plant.hlc(charging=False)
    plant.set_car_state("C")
    plant.car.power_w = -3500
    run(plant, 2)
    assert (plant.wave().duty_pct, plant.readings().p_w) == (5.0, 0)
    plant.hlc(charging=True)
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(-3500, abs=1)


def test_basic_charging_after_a_talk_needs_a_fresh_state_b() -> None:
    """When the talk ends while the car still shows C, nothing restarts by itself."""
    plant = Plant()
    plant.plug(1)
    plant.enable(True)
    plant.hlc(charging=False)
    plant.set_car_state("C")
    plant.hlc(charging=True)
    run(plant, 1)
    plant.hlc_end()
    run(plant, 2)
    assert not plant.contactor_closed
    plant.set_car_state("B")
    plant.set_car_state("C")
    run(plant, 2)
    assert plant.contactor_closed


def test_an_empty_battery_gives_nothing_and_a_full_one_takes_nothing() -> None:
    """The battery's own bounds hold in both directions."""
    plant = dc_plant(BOTH)
    plant.car.battery.soc_pct = 4
    plant.hlc(charging=True, target_p_w=-5000)
    run(plant, 2)
    assert plant.readings().p_w == 0
    plant.car.battery.soc_pct = 100
    plant.hlc(charging=True, target_p_w=5000)
    run(plant, 2)
    assert plant.readings().p_w == pytest.approx(0, abs=5)


@pytest.mark.parametrize("power_w", [5000.0, -5000.0, 0.0])
def test_losses_convert_both_ways(power_w: float) -> None:
    """Grid side and DC side are inverses, and the grid side is the dearer one."""
    assert dc_side_w(grid_side_w(power_w)) == pytest.approx(power_w)
    assert grid_side_w(power_w) >= power_w
