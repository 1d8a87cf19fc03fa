"""Basic AC charging: the car follows duty cycle and cable, the contactor follows the pilot, the registers add up."""

from __future__ import annotations

import dataclasses

import pytest

from harness.emulator._ports import PowerLimits
from harness.emulator.plant import Plant
from tests.plant._drive import charging_car, events_of, run, run_until


def allow_a(plant: Plant, limit_a: float) -> None:
    """Limit the current per phase."""
    plant.allow(PowerLimits(charge_w=22080, discharge_w=0, per_phase_a=limit_a))


def test_nothing_flows_without_authorisation() -> None:
    """In state C but not enabled the pilot is steady and the contactor open."""
    plant = Plant()
    plant.plug(1)
    plant.set_car_state("C")
    run(plant, 2)
    assert not plant.contactor_closed
    assert plant.wave().duty_pct == 100.0
    assert plant.readings().i_a == (0, 0, 0)


@pytest.mark.parametrize("state", ["A", "B"])
def test_no_voltage_in_states_a_and_b(state: str) -> None:
    """The contactor closes in C only, however well the car is authorised."""
    plant = Plant()
    plant.plug(1)
    plant.enable(True)
    plant.set_car_state(state)
    run(plant, 2)
    assert not plant.contactor_closed


def test_the_lowest_of_car_duty_cycle_and_cable_binds() -> None:
    """Current per phase is the minimum of what the car wants, the duty cycle offers and the cable carries."""
    plant = Plant()
    charging_car(plant, max_a=24)
    assert plant.readings().i_a[0] == pytest.approx(24, abs=0.1)
    allow_a(plant, 16)
    run(plant, 2)
    assert plant.readings().i_a[0] == pytest.approx(15.9, abs=0.15)
    plant.car.cable_a = 13
    run(plant, 2)
    assert plant.readings().i_a[0] == pytest.approx(12.9, abs=0.15)
    assert plant.wave().duty_pct == 21.6


def test_a_limit_in_watts_is_advertised_as_current() -> None:
    """6900 W on three phases is 10 A on the pilot."""
    plant = Plant()
    charging_car(plant)
    plant.allow(PowerLimits(charge_w=6900, discharge_w=0, per_phase_a=32))
    run(plant, 2)
    assert plant.wave().duty_pct == 16.6
    assert plant.readings().p_w <= 6900


def test_power_follows_with_dead_time_and_ramp() -> None:
    """A lower limit takes 100 ms to be felt and then 20 kW/s; no more and no less."""
    plant = Plant()
    charging_car(plant)
    before_w = plant.readings().p_w
    allow_a(plant, 10)
    run(plant, 0.1)
    assert plant.readings().p_w == pytest.approx(before_w, abs=1100)
    took_s = run_until(plant, lambda: plant.readings().i_a[0] <= 10.1, 2)
    assert 0.5 < took_s < 1.0


def test_zero_stops_and_a_raised_limit_resumes() -> None:
    """Zero stops the power and takes the voltage off; a new limit brings both back without a new state change."""
    plant = Plant()
    charging_car(plant)
    allow_a(plant, 0)
    run(plant, 4)
    assert plant.readings().p_w == 0
    assert not plant.contactor_closed
    allow_a(plant, 13)
    run(plant, 3)
    assert plant.readings().i_a[0] == pytest.approx(12.9, abs=0.15)


def test_the_contactor_opens_at_once_when_the_car_leaves_c() -> None:
    """Leaving C under load opens within one step (IEC 61851-1 asks for 100 ms) and the current is gone with it."""
    plant = Plant()
    charging_car(plant)
    plant.set_car_state("B")
    assert not plant.contactor_closed
    assert plant.readings().p_w == 0


def test_a_slow_contactor_is_slow() -> None:
    """A delay put there on purpose is really a delay (a defect uses it)."""
    plant = Plant()
    charging_car(plant)
    plant.contactor.open_delay_s = 0.5
    plant.set_car_state("B")
    run(plant, 0.4)
    assert plant.contactor_closed
    run(plant, 0.2)
    assert not plant.contactor_closed


@pytest.mark.parametrize("fault", ["pilot", "diode"])
def test_a_pilot_fault_opens_and_stays_until_the_car_starts_anew(fault: str) -> None:
    """State E or a bridged diode opens the contactor, is told as a fault, and clears in state B."""
    plant = Plant()
    charging_car(plant)
    events = events_of(plant)
    plant.set_car_state("E") if fault == "pilot" else plant.set_diode(False)
    assert not plant.contactor_closed
    assert ("fault", fault) in [(e.what, e.value) for e in events]
    plant.set_diode(True)
    plant.set_car_state("C")
    run(plant, 2)
    assert not plant.contactor_closed
    plant.set_car_state("B")
    run(plant, 0.1)
    plant.set_car_state("C")
    run(plant, 2)
    assert plant.contactor_closed
    assert plant.fault == ""


def test_withdrawing_authorisation_ramps_down_before_opening() -> None:
    """Without urgency the EVSE lets the car stop first: the contactor does not break current."""
    plant = Plant()
    charging_car(plant)
    plant.enable(False)
    powers = []
    while plant.contactor_closed:
        powers.append(plant.readings().p_w)
        run(plant, 0.05)
    assert powers[-1] < 1200
    assert len(powers) > 10


def test_registers_integrate_the_power() -> None:
    """Ten minutes at a constant power give a sixth of it in watt-hours, all of it import."""
    plant = Plant()
    charging_car(plant, max_a=10)
    before, power_w = plant.readings(), plant.readings().p_w
    run(plant, 600)
    after = plant.readings()
    assert after.import_wh - before.import_wh == pytest.approx(power_w / 6, rel=0.01)
    assert after.export_wh == 0
    assert after.soc_pct is not None and before.soc_pct is not None and after.soc_pct > before.soc_pct


def test_a_single_phase_car_loads_one_phase() -> None:
    """The other two stay at zero."""
    plant = Plant()
    plant.car.phases = 1
    charging_car(plant, max_a=16)
    l1, l2, l3 = plant.readings().i_a
    assert (round(l1), l2, l3) == (16, 0, 0)


def test_events_tell_the_story_in_order() -> None:
    """Plugging, charging and leaving are told as they happen."""
    plant = Plant()
    events = events_of(plant)
    charging_car(plant)
    plant.unplug()
    run(plant, 0.1)
    told = [(e.what, e.value) for e in events]
    assert told == [
        ("plugged", ""),
        ("pilot", "B"),
        ("pilot", "C"),
        ("contactor", "closed"),
        ("power_on", "charging"),
        ("pilot", "A"),
        ("contactor", "open"),
        ("power_off", ""),
        ("unplugged", ""),
    ]


def test_the_step_is_a_function_of_its_inputs() -> None:
    """Two plants with one seed and one history have the same readings: no hidden clock, no hidden chance."""
    first, second = Plant(seed=7), Plant(seed=7)
    for plant in (first, second):
        charging_car(plant, max_a=20)
    assert dataclasses.asdict(first.readings()) == dataclasses.asdict(second.readings())


def test_a_second_car_is_refused() -> None:
    """One car at a time, and only at a connector there is."""
    plant = Plant()
    plant.plug(1)
    with pytest.raises(ValueError, match="unplug it first"):
        plant.plug(2)
    with pytest.raises(ValueError, match="there is no connector 3"):
        plant.plug(3)


def test_a_listener_that_fails_stops_neither_physics_nor_the_others() -> None:
    """What OCPP makes of an event must not keep the contactor from opening."""
    plant = Plant()

    def broken(event: object) -> None:
        raise RuntimeError("a defect above")

    plant.subscribe(broken)
    events = events_of(plant)
    charging_car(plant)
    plant.set_car_state("B")
    assert not plant.contactor_closed
    assert events[-1].what == "power_off"
