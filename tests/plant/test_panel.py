"""The status light follows the measured power; every state looks different."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from harness.bench._colour import colour_name
from harness.emulator._ports import PowerLimits
from harness.emulator.panel import COLOURS, Panel
from harness.emulator.plant import Plant
from tests.plant._drive import charging_car, run, run_until


def test_every_state_has_a_colour_a_person_can_name() -> None:
    """No two states share colour name and pattern (BI-18: distinct from every other state)."""
    seen = {state: (colour_name(*lamp.rgb), lamp.pattern) for state, lamp in COLOURS.items()}
    for one, other in combinations(seen, 2):
        assert seen[one] != seen[other], f"{one} and {other} look the same"


def test_the_light_goes_with_the_car() -> None:
    """Free, taken, charging, out of service, faulty: each is shown."""
    plant = Plant()
    panel = Panel(plant)
    assert panel.shows() == "available"
    plant.plug(1)
    assert panel.shows() == "occupied"
    plant.unplug()
    charging_car(plant)
    assert panel.shows() == "charging"
    panel.faulted = True
    assert panel.shows() == "fault"
    panel.faulted = False
    plant.unplug()
    run(plant, 0.1)
    panel.in_service = lambda: False
    assert panel.shows() == "unavailable"


def test_the_light_follows_the_measured_direction_not_the_wish() -> None:
    """A discharge setpoint alone changes nothing; the light turns when power really flows to the grid, and back."""
    plant = Plant()
    panel = Panel(plant)
    plant.plug(1)
    plant.enable(True)
    plant.hlc(charging=True)
    plant.allow(PowerLimits(charge_w=11000, discharge_w=11000, per_phase_a=32, setpoint_w=-3500))
    plant.set_car_state("C")
    run(plant, 1)
    assert panel.shows() == "occupied"
    plant.car.power_w = -3500
    run_until(plant, lambda: plant.readings().p_w < -100, 1)
    assert panel.shows() == "discharging"
    plant.car.power_w = 0
    run_until(plant, lambda: plant.readings().p_w > -100, 1)
    assert panel.shows() == "occupied"


def test_a_pulse_breathes_but_never_goes_out() -> None:
    """Pulsing keeps its hue and at least a quarter of its brightness."""
    plant = Plant()
    panel = Panel(plant)
    charging_car(plant)
    shone = [panel.shines(n * 50_000_000) for n in range(70)][10:]
    blues = [blue for _, _, blue in shone]
    assert max(blues) > 250
    assert 60 < min(blues) < 70
    assert {colour_name(*rgb) for rgb in shone} == {"blue"}


def test_the_lamp_follows_within_three_tenths_and_does_not_flicker_through_zero() -> None:
    """From charging to discharging the lamp turns once, soon after the power did, without showing idle between."""
    plant = Plant()
    panel = Panel(plant)
    plant.plug(1)
    plant.enable(True)
    plant.hlc(charging=True)
    plant.car.power_w = 3500
    shown: list[tuple[int, str]] = []
    turned_ns = 0
    for step in range(80):
        if step == 10:
            plant.set_car_state("C")
        if step == 40:
            plant.car.power_w = -3500
        run(plant, 0.05)
        if not turned_ns and plant.readings().p_w < -100:
            turned_ns = plant.now_ns
        name = colour_name(*panel.shines(plant.now_ns))
        if not shown or shown[-1][1] != name:
            shown.append((plant.now_ns, name))
    assert [name for _, name in shown] == ["green", "cyan", "blue", "purple"]
    assert 0 < (shown[-1][0] - turned_ns) / 1e9 < 0.3


def test_the_drawing_bears_the_marking(tmp_path: Path) -> None:
    """The picture of the front shows the bidirectional marking exactly when there is one, and says it is emulated."""
    panel = Panel(Plant())
    assert "Bidirectional" in panel.draw(tmp_path).read_text()
    panel.marking = ""
    drawn = panel.draw(tmp_path).read_text()
    assert "idirectional" not in drawn
    assert "not a photograph" in drawn
