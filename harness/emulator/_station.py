"""The emulated station put together: plant, panel, instruments, and what talks for it to backend and car."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from harness.emulator import _backend
from harness.emulator._car_link import CarLink
from harness.emulator._config import StationOptions
from harness.emulator._ports import EnergyPort, PlantEvent, Ratings
from harness.emulator._standalone import StandAlone
from harness.emulator.instruments import Instruments
from harness.emulator.panel import Panel
from harness.emulator.plant import Plant, run_plant
from harness.emulator.secc import Secc

CLOSE_S = 3.0
log = logging.getLogger("station")


class Station:
    """`plant`, `panel`, `instruments` (`.meter`, `.pilot`, …), `energy` (the `EnergyPort`), `ocpp`, `car_link`, `secc`.

    `plants` and `panels` are those of all EVSEs by number; `plant` and `panel` are EVSE 1's, where the SECC is. `ocpp`
    is None when stand-alone, `car_link` and `secc` when no interface was given. Defects replace small methods of these
    attributes after construction and before `run`.
    """

    def __init__(self, options: StationOptions, ratings: Ratings | None = None) -> None:
        self.options = options
        options.state_dir.mkdir(parents=True, exist_ok=True)
        self.ratings = dataclasses.replace(ratings or Ratings(), serial=options.serial)
        self.plant = Plant(self.ratings, seed=options.seed)
        self.plants = {1: self.plant}
        for evse in range(2, options.evses + 1):
            self.plants[evse] = Plant(self.ratings, seed=options.seed + evse, beside=self.plant)
        self.panels = {evse: Panel(plant) for evse, plant in self.plants.items()}
        self.panel = self.panels[1]
        further = [(self.plants[evse], self.panels[evse]) for evse in self.plants if evse > 1]
        self.instruments = Instruments(self.plant, self.panel, options.seed, further)
        self.ocpp = ocpp = _backend.connect(options, list(self.plants.values()))
        self.energy: EnergyPort = ocpp or StandAlone(self.plant)
        if ocpp is None:
            for plant, _ in further:
                StandAlone(plant)
        self.secc = None if options.interface == "none" else Secc()
        self.car_link: CarLink | None = None
        if self.secc is not None:
            self.car_link = CarLink(self.plant, self.energy, self.secc, lambda: _backend.speaks_2_1(ocpp))
        self.instruments.ems.energy = self.energy
        if ocpp is not None:
            for evse, panel in self.panels.items():
                panel.in_service = partial(_backend.in_service, ocpp, evse)
            self.instruments.network_switch.switch = lambda on: ocpp.connection.unplug_network(not on)
            self.instruments.supply.switch = partial(_backend.supply, ocpp, tuple(self.plants.values()))
        for evse, plant in self.plants.items():
            plant.subscribe(partial(self._plant_event, evse))

    def facts(self) -> dict[str, Any]:
        """What the ready line says, as JSON values."""
        return {
            "ready": True,
            "pid": os.getpid(),
            "ports": self.instruments.ports(),
            "secc": None if self.car_link is None or self.options.car_later else self.car_link.facts(),
            "factory": self.factory,
            "ratings": dataclasses.asdict(self.ratings),
            "panel": {"marking": self.panel.marking, "picture": str(self.panel.draw(self.options.state_dir))},
        }

    @property
    def factory(self) -> str | None:
        """The folder with the vendor's firmware images, when it has a backend that could order one."""
        return None if self.ocpp is None else str(self.ocpp.factory)

    async def run(self, stop: asyncio.Event, ready: Callable[[dict[str, Any]], None]) -> None:
        """Switch on, call `ready` with `facts()`, serve until `stop` is set or a part dies (its error is raised).

        With `car_later` the SECC comes up meanwhile, and `ready` is called again with where it serves.
        """
        parts = {"instruments": self.instruments.run()}
        parts |= {f"plant {evse}": run_plant(plant) for evse, plant in self.plants.items()}
        if self.ocpp is not None:
            parts["ocpp"] = self.ocpp.run()
        tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]
        try:
            if self.car_link is not None and self.options.car_later:
                tasks.append(asyncio.create_task(self._car_later(self.car_link, ready), name="car link"))
            elif self.car_link is not None:
                await self.car_link.start(self.options.interface, self.options.state_dir)
                tasks.append(asyncio.create_task(self.car_link.run(), name="car link"))
            ready(self.facts())
            stopped = asyncio.create_task(stop.wait(), name="stop")
            done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in tasks:
                each.cancel()
            if self.secc is not None:
                await self.secc.stop()
            await asyncio.wait(tasks, timeout=CLOSE_S)

    def close(self) -> None:
        """Give the instruments' ports back; for a station that never ran, too."""
        self.instruments.close()

    async def _car_later(self, car_link: CarLink, ready: Callable[[dict[str, Any]], None]) -> None:
        await car_link.start(self.options.interface, self.options.state_dir)
        ready({"secc": car_link.facts()})
        await car_link.run()

    def _plant_event(self, evse: int, event: PlantEvent) -> None:
        log.info("plant: EVSE %s %s connector %s %s", evse, event.what, event.connector, event.value)
        if event.what == "fault":
            self.panels[evse].faulted = bool(event.value)
