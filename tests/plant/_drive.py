"""Steps a plant through simulated time."""

from __future__ import annotations

from collections.abc import Callable

from harness.emulator._ports import PlantEvent
from harness.emulator.plant import Plant

STEP_NS = 50_000_000


def run(plant: Plant, seconds: float) -> None:
    """Let so many simulated seconds pass in steps of 50 ms."""
    for _ in range(round(seconds / 0.05)):
        plant.step(plant.now_ns + STEP_NS)


def run_until(plant: Plant, reached: Callable[[], bool], within_s: float) -> float:
    """Simulated seconds until `reached`; fails when it does not happen in time."""
    for step in range(round(within_s / 0.05) + 1):
        if reached():
            return step * 0.05
        run(plant, 0.05)
    raise AssertionError(f"did not happen within {within_s} s of plant time")


def charging_car(plant: Plant, *, max_a: float = 32.0) -> None:
    """An authorised AC car in state C that has settled."""
    plant.car.max_a = max_a
    plant.plug(1)
    plant.enable(True)
    plant.set_car_state("C")
    run(plant, 3)


def events_of(plant: Plant) -> list[PlantEvent]:
    """The list that later events are put into."""
    events: list[PlantEvent] = []
    plant.subscribe(events.append)
    return events
