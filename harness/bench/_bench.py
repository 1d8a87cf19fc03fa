"""The bench as cases see it: its roles by name, and one way back to normal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from harness.bench._errors import BenchError
from harness.bench._roles import Ems, GridSource, Light, Meter, NetworkSwitch, Pilot, Supply
from harness.profile import role_at
from harness.trace import Recorder

RESTORE_S = 15.0
ORDER = ("grid_source", "pilot", "supply", "ems", "network_switch", "meter", "light")  # the dangerous first


class Bench:
    """`bench.meter`, `.pilot`, `.light`, `.grid_source`, `.ems`, `.network_switch`, `.supply`.

    A missing one raises BenchError.

    `devices` are named as in the profile: "meter@2" stands at EVSE 2, "meter" at the EVSE `home`. What a bench gives is
    what stands at its `evse`; `at(2)` is the same bench, seen from EVSE 2. With `home` 0 there is one EVSE only.
    """

    def __init__(self, devices: Mapping[str, Any], recorder: Recorder, home: int = 1, evse: int = 0) -> None:
        self._devices = dict(devices)
        self._recorder = recorder
        self._home, self.evse = home, evse or home

    def at(self, evse: int) -> Bench:
        """The same instruments, seen from an EVSE."""
        if not self._home or evse in (0, self.evse):
            return self
        return Bench(self._devices, self._recorder, self._home, evse)

    def has(self, role: str) -> bool:
        """Whether this bench plays a role at its EVSE."""
        return role_at(role, self.evse, self._home) in self._devices

    @property
    def meter(self) -> Meter:
        """The reference meter."""
        return cast(Meter, self._role("meter"))

    @property
    def pilot(self) -> Pilot:
        """The car's end of the cable."""
        return cast(Pilot, self._role("pilot"))

    @property
    def light(self) -> Light:
        """The eye on the status light."""
        return cast(Light, self._role("light"))

    @property
    def grid_source(self) -> GridSource:
        """The grid simulator."""
        return cast(GridSource, self._role("grid_source"))

    @property
    def ems(self) -> Ems:
        """The local energy management system."""
        return cast(Ems, self._role("ems"))

    @property
    def network_switch(self) -> NetworkSwitch:
        """The charger's way to its backend."""
        return cast(NetworkSwitch, self._role("network_switch"))

    @property
    def supply(self) -> Supply:
        """The charger's own supply with power."""
        return cast(Supply, self._role("supply"))

    @asynccontextmanager
    async def armed_grid(self) -> AsyncIterator[GridSource]:
        """The grid source with its interlock closed; restored and opened on every way out."""
        source = self.grid_source
        try:
            await source.arm()
            yield source
        finally:
            await asyncio.shield(source.disarm())

    async def restore(self) -> list[str]:
        """Undo what cases did: grid, car, limits, network. Never raises; what could not be undone is recorded and told.

        Each role gets fifteen seconds, a person as long as a person gets.
        """
        problems = []
        for role in self._in_order():
            device = self._devices[role]
            bound_s = None if type(device).__name__.startswith("Person") else RESTORE_S
            try:
                await asyncio.wait_for(device.restore(), bound_s)
            except Exception as error:
                problems.append(f"bench.{role}: {error or type(error).__name__}")
                self._recorder.record(
                    "harness.error", "harness", {"where": f"restore bench.{role}", "error": str(error)}
                )
        return problems

    async def close(self) -> None:
        """Restore, then let go of every instrument. Never raises."""
        await self.restore()
        await asyncio.gather(*(each.close() for each in self._devices.values()), return_exceptions=True)

    def _in_order(self) -> list[str]:
        return sorted(self._devices, key=_danger)

    def _role(self, role: str) -> Any:
        name = role_at(role, self.evse, self._home)
        if name not in self._devices:
            raise BenchError(
                name, None, f"this bench has none; the profile lists {', '.join(self._devices) or 'nothing'}"
            )
        return self._devices[name]


def _danger(name: str) -> int:
    role = name.partition("@")[0]
    return ORDER.index(role) if role in ORDER else len(ORDER)
