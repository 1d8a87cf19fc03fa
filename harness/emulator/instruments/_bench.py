"""All instruments of the emulated bench together."""

from __future__ import annotations

import asyncio

from harness.emulator.instruments._base import Instrument
from harness.emulator.instruments._ems import EmsPort
from harness.emulator.instruments._grid_source import GridSource
from harness.emulator.instruments._light import LightSensor
from harness.emulator.instruments._meter import EnergyMeter
from harness.emulator.instruments._network import NetworkSwitch
from harness.emulator.instruments._pilot_box import PilotBox
from harness.emulator.panel import Panel
from harness.emulator.plant import Plant


class Instruments:
    """`meter`, `pilot`, `light`, `grid_source`, `ems`, `network_switch`; each has a port of its own."""

    def __init__(self, plant: Plant, panel: Panel, seed: int = 1) -> None:
        self.meter = EnergyMeter(plant, seed)
        self.pilot = PilotBox(plant, seed)
        self.light = LightSensor(panel, seed)
        self.grid_source = GridSource(plant.grid, seed)
        self.ems = EmsPort(seed)
        self.network_switch = NetworkSwitch(seed)

    @property
    def all(self) -> tuple[Instrument, ...]:
        """Every instrument."""
        return (self.meter, self.pilot, self.light, self.grid_source, self.ems, self.network_switch)

    def ports(self) -> dict[str, str]:
        """Role to device name."""
        return {each.role: each.port.name for each in self.all}

    async def run(self) -> None:
        """Serve all ports until cancelled."""
        async with asyncio.TaskGroup() as group:
            for each in self.all:
                group.create_task(each.run(), name=f"instrument-{each.role}")
