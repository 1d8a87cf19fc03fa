"""Drivers for a person who plugs, switches and sets."""

from __future__ import annotations

from typing import Any

from harness.bench._errors import BenchError
from harness.bench._registry import driver
from harness.bench.drivers._person import Person, PersonWatcher
from harness.bench.line._feed import Sample
from harness.operator import Prompt


@driver("pilot")
class PersonPilot(PersonWatcher):
    """Handles a real car. What needs a hand inside the pilot line is refused: nobody should do that live."""

    role = "pilot"
    _state = "A"
    _connector = 0

    async def look(self, what: str) -> dict[str, Any]:
        """state (as last asked for), mains_on (by the car's own indication), connector."""
        answer = await self._operator.ask(
            Prompt("bench.pilot.mains", "Does the car say that it is being supplied with energy?", why=what)
        )
        return {"state": self._state, "mains_on": bool(answer.value), "connector": self._connector}

    async def read(self) -> Sample:
        """One fresh look."""
        return await self.sample("state of the car")

    async def plug_in(self, connector: int = 1) -> None:
        """Plug the car into a connector."""
        await self.do(f"PLUG {connector}", f"Plug the car into connector {connector}; do not let it charge yet.")
        self._state, self._connector = "B", connector

    async def unplug(self) -> None:
        """Unplug the car."""
        await self.do("UNPLUG", "Unplug the car.")
        self._state, self._connector = "A", 0

    async def ready(self) -> None:
        """Let the car charge."""
        await self.do("STATE C", "Let the car charge (start it in the car or its app).")
        self._state = "C"

    async def not_ready(self) -> None:
        """Stop the car's charging, cable in place."""
        await self.do("STATE B", "Stop charging in the car; leave the cable in.")
        self._state = "B"

    async def current_limit(self, limit_a: float) -> None:
        """Set the car's own charging current."""
        await self.do(f"IMAX {limit_a:g}", f"Set the car's charging current to at most {limit_a:g} A.")

    async def soc(self, pct: float) -> None:
        """Bring a car with about this state of charge."""
        await self.do(f"SOC {pct:g}", f"See that the car's battery stands at about {pct:g} %.")

    async def cable(self, rating_a: float) -> None:
        """Use another cable."""
        await self.do(f"CABLE {rating_a:g}", f"Use a charging cable rated {rating_a:g} A.")

    async def fault(self, kind: str) -> None:
        """Refused. Raises BenchError."""
        raise BenchError(self.role, None, f"fault {kind!r} needs a control-pilot box; a person must not do it live")

    async def clear_fault(self) -> None:
        """There can be none."""

    async def power(self, power_w: float) -> None:
        """Refused. Raises BenchError."""
        raise BenchError(self.role, None, f"a real car's charger cannot be told to run at {power_w:g} W from here")


@driver("grid_source")
class PersonGridSource(PersonWatcher):
    """Turns the knobs of a grid simulator without an interface."""

    role = "grid_source"
    _armed = False

    async def look(self, what: str) -> dict[str, Any]:
        """u_v, freq_hz and armed."""
        volts = await self._operator.ask(
            Prompt("bench.grid_source.u", "Which voltage does the grid source show?", kind="number", unit="V", why=what)
        )
        hertz = await self._operator.ask(
            Prompt("bench.grid_source.f", "And which frequency?", kind="number", unit="Hz", why=what)
        )
        return {"u_v": volts.value, "freq_hz": hertz.value, "armed": self._armed}

    async def arm(self) -> None:
        """Close the interlock. Raises BenchError unless the profile says `interlock_armed: yes`."""
        if not self.settings.interlock_armed:
            raise BenchError(self.role, None, "the profile does not say interlock_armed: yes; nobody answers for it")
        await self.do("ARM", "Close the grid source's interlock. Nobody touches the installation from now on.")
        self._armed = True

    async def set(self, *, u_v: float | None = None, freq_hz: float | None = None) -> None:
        """Change voltage or frequency. Raises BenchError unless armed."""
        if not self._armed:
            raise BenchError(self.role, None, "the interlock is not armed; use `bench.armed_grid()`")
        for value, unit in ((u_v, "V"), (freq_hz, "Hz")):
            if value is not None:
                await self.do(f"SET {unit} {value:g}", f"Set the grid source to {value:g} {unit}.")

    async def disarm(self) -> None:
        """Restore and open the interlock."""
        if self._armed:
            await self.do("RESTORE", "Set the grid source back to 230 V and 50 Hz, and open its interlock.")
            self._armed = False

    async def restore(self) -> None:
        """The same as `disarm`."""
        await self.disarm()


@driver("ems")
class PersonEms(Person):
    """Types limits into the energy management system."""

    role = "ems"
    _set = False

    async def limit(self, charge_w: float, discharge_w: float | None = None) -> None:
        """Set a limit."""
        back = "" if discharge_w is None else f", and {discharge_w:g} W back to the grid"
        self._set = True
        await self.do(
            f"LIMIT {charge_w:g}",
            f"In the energy management system, limit the charger to {charge_w:g} W from the grid{back}.",
        )

    async def clear(self) -> None:
        """Withdraw it."""
        await self.do("CLEAR", "In the energy management system, remove the charger's limit.")
        self._set = False

    async def restore(self) -> None:
        """Withdraw a limit if there is one."""
        if self._set:
            await self.clear()


@driver("network_switch")
class PersonNetworkSwitch(Person):
    """Pulls the charger's network cable."""

    role = "network_switch"
    _cut = False

    async def off(self) -> None:
        """Cut it."""
        self._cut = True
        await self.do("NET OFF", "Cut the charger's connection to its backend: pull the network cable or the SIM.")

    async def on(self) -> None:
        """Mend it."""
        await self.do("NET ON", "Restore the charger's connection to its backend.")
        self._cut = False

    async def restore(self) -> None:
        """Mend it if it was cut."""
        if self._cut:
            await self.on()


@driver("supply")
class PersonSupply(Person):
    """Switches the charger off at its fuse, and on again."""

    role = "supply"
    _off = False

    async def off(self) -> None:
        """Take the power away."""
        self._off = True
        await self.do("SUPPLY OFF", "Switch the charger's power off at its fuse or main switch.")

    async def on(self) -> None:
        """Give it back."""
        await self.do("SUPPLY ON", "Switch the charger's power on again.")
        self._off = False

    async def restore(self) -> None:
        """Give it back if it was taken away."""
        if self._off:
            await self.on()
