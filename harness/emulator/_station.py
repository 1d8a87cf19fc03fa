"""The emulated station put together: plant, panel, instruments, and what talks for it to backend and car."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any

from harness.emulator import _backend, _car_link
from harness.emulator._config import StationOptions
from harness.emulator._ports import EnergyPort, PlantEvent, Ratings
from harness.emulator.instruments import Instruments
from harness.emulator.panel import Panel
from harness.emulator.plant import Plant, run_plant

CLOSE_S = 5.0
log = logging.getLogger("station")


class Station:
    """`plant`, `panel`, `instruments` (`.meter`, `.pilot`, …), `energy` (the `EnergyPort`), `ocpp` and `secc`.

    `ocpp` is None when stand-alone, `secc` when no interface was given. Defects replace small methods of these
    attributes after construction and before `run`.
    """

    def __init__(self, options: StationOptions) -> None:
        self.options = options
        options.state_dir.mkdir(parents=True, exist_ok=True)
        self.ratings = dataclasses.replace(Ratings(), serial=options.serial)
        self.plant = Plant(self.ratings, seed=options.seed)
        self.panel = Panel(self.plant)
        self.instruments = Instruments(self.plant, self.panel, options.seed)
        self.ocpp = _backend.connect(options, self.plant)
        self.energy: EnergyPort = self.ocpp or _backend.stand_alone(self.plant)
        self.secc = _car_link.connect(options, self.plant, self.energy, self.car_news)
        self.instruments.ems.energy = self.energy
        self.instruments.network_switch.switch = getattr(self.ocpp, "network", None)
        self.plant.subscribe(self._plant_event)

    def car_news(self, event: str, data: dict[str, object]) -> None:
        """What the SECC reports of the car: the plant follows, then OCPP is told."""
        log.info("car: %s %s", event, data)
        _car_link.follow(self.plant, event, data)
        self.energy.car_session(event, data)

    def facts(self) -> dict[str, Any]:
        """What the ready line says, as JSON values."""
        return {
            "ready": True,
            "pid": os.getpid(),
            "ports": self.instruments.ports(),
            "secc": _car_link.facts(self.secc),
            "factory": _backend.factory(self.ocpp),
            "ratings": dataclasses.asdict(self.ratings),
            "panel": {"marking": self.panel.marking, "picture": str(self.panel.draw(self.options.state_dir))},
        }

    async def run(self, stop: asyncio.Event, ready: Callable[[dict[str, Any]], None]) -> None:
        """Switch on, call `ready` with `facts()`, serve until `stop` is set or a part dies (its error is raised)."""
        parts = [run_plant(self.plant), self.instruments.run()]
        tasks = [asyncio.create_task(each) for each in parts]
        try:
            if self.secc is not None:
                await self.secc.start()
            if self.ocpp is not None:
                await self.ocpp.start()
            ready(self.facts())
            tasks.append(asyncio.create_task(stop.wait()))
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for name, part in (("ocpp", self.ocpp), ("secc", self.secc)):
                if part is not None:
                    await _bounded(name, part.stop())

    def _plant_event(self, event: PlantEvent) -> None:
        log.info("plant: %s connector %s %s", event.what, event.connector, event.value)
        if event.what == "fault":
            self.panel.faulted = bool(event.value)


async def _bounded(name: str, closing: Coroutine[Any, Any, object]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await asyncio.wait_for(closing, CLOSE_S)
        except Exception:
            log.exception("%s did not stop cleanly", name)
