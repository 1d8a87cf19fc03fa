"""Lets a plant run in real time: a step every 50 ms on the event loop, catching up when the loop was late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from harness.emulator.plant._plant import Plant

STEP_S = 0.05
MOST_STEPS_BEHIND = 40  # two seconds; a longer stall is taken as one long step


async def run_plant(plant: Plant, clock_ns: Callable[[], int] = time.monotonic_ns, step_s: float = STEP_S) -> None:
    """Step `plant` until cancelled. Ticks keep their place in time: a late tick is followed by those it missed."""
    step_ns = int(step_s * 1e9)
    due_ns = clock_ns() + step_ns
    plant.now_ns = due_ns - step_ns
    while True:
        late_ns = clock_ns() - due_ns
        if late_ns < 0:
            await asyncio.sleep(-late_ns / 1e9)
            continue
        if late_ns > MOST_STEPS_BEHIND * step_ns:
            due_ns = clock_ns()
        plant.step(due_ns)
        due_ns += step_ns
