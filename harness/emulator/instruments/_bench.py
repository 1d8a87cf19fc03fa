"""All instruments of the emulated bench together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from harness.emulator.instruments._base import Instrument
from harness.emulator.instruments._ems import EmsPort
from harness.emulator.instruments._grid_source import GridSource
from harness.emulator.instruments._light import LightSensor
from harness.emulator.instruments._meter import EnergyMeter
from harness.emulator.instruments._network import NetworkSwitch
from harness.emulator.instruments._pilot_box import PilotBox
from harness.emulator.instruments._supply import SupplyRelay
from harness.emulator.panel import Panel
from harness.emulator.plant import Plant


class AtEvse:
    """The instruments that stand at one further EVSE."""

    def __init__(self, evse: int, plant: Plant, panel: Panel, seed: int) -> None:
        self.meter = EnergyMeter(plant, seed)
        self.pilot = PilotBox(plant, seed)
        self.light = LightSensor(panel, seed)
        self.all: tuple[Instrument, ...] = (self.meter, self.pilot, self.light)
        for each in self.all:
            each.evse = evse


class Instruments:
    """`meter`, `pilot`, `light`, `grid_source`, `ems`, `network_switch`, `supply`; each has a port.

    Every further EVSE has its own `meter`, `pilot` and `light`, in `at[2]`.
    """

    def __init__(self, plant: Plant, panel: Panel, seed: int = 1, further: Sequence[tuple[Plant, Panel]] = ()) -> None:
        self.meter = EnergyMeter(plant, seed)
        self.pilot = PilotBox(plant, seed)
        self.light = LightSensor(panel, seed)
        self.grid_source = GridSource(plant.grid, seed)
        self.ems = EmsPort(seed)
        self.network_switch = NetworkSwitch(seed)
        self.supply = SupplyRelay(seed)
        self.at = {evse: AtEvse(evse, of_it, shown, seed + evse) for evse, (of_it, shown) in enumerate(further, 2)}

    @property
    def all(self) -> tuple[Instrument, ...]:
        """Every instrument."""
        of_all = (self.meter, self.pilot, self.light, self.grid_source, self.ems, self.network_switch)
        return (*of_all, self.supply, *(each for at in self.at.values() for each in at.all))

    def ports(self) -> dict[str, str]:
        """Role, with its EVSE from the second on, to device name."""
        return {each.name: each.port.name for each in self.all}

    def close(self) -> None:
        """Give every port back, also those that were never served."""
        for each in self.all:
            each.port.close()

    async def run(self) -> None:
        """Serve all ports until cancelled."""
        async with asyncio.TaskGroup() as group:
            for each in self.all:
                group.create_task(each.run(), name=f"instrument-{each.name}")
