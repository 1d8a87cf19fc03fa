"""Driver of the control-pilot box: the car's plug, resistors and charger, and the eye on pilot and mains."""

from __future__ import annotations

from typing import Any

from harness.bench._errors import BenchError
from harness.bench._registry import driver
from harness.bench.line._feed import Sample
from harness.bench.line._instrument import Watching
from harness.bench.line._line import BadLine, fields, numbers

STATES = ("A", "B", "C", "D", "E", "F")
WANTED = {"u_high_v": "high", "u_low_v": "low", "duty_pct": "duty", "freq_hz": "freq", "soc_pct": "soc"}


@driver("pilot", "pilot_box")
class PilotBox(Watching):
    """Values: state, u_high_v, u_low_v, duty_pct, freq_hz, mains_on, connector (0: none), soc_pct."""

    role = "pilot"
    expected = "a control-pilot box that streams lines starting with 'CPB' (driver pilot_box)"
    _plugged = False
    _hidden = False  # a short or a broken wire hides what the car's resistor would show

    def parse(self, text: str) -> dict[str, Any]:
        """The values of one line. Raises BadLine."""
        found = fields(text, tag="CPB")
        state = found.get("state", "")
        if state not in STATES:
            raise BadLine(f"state is {state!r}; expected one of {', '.join(STATES)}")
        if found.get("mains") not in ("0", "1") or not found.get("plug", "").isdigit():
            raise BadLine("mains has to be 0 or 1, and plug a connector's number")
        values = numbers(found, WANTED)
        return {"state": state, **values, "mains_on": found["mains"] == "1", "connector": int(found["plug"])}

    async def begin(self) -> None:
        """Make sure that the box is there, and whether a car is plugged. Raises BenchError."""
        await super().begin()
        self._plugged = bool(self.latest()["connector"])

    async def plug_in(self, connector: int = 1) -> None:
        """Plug the car into a connector; it shows state B."""
        await self.line.command(f"PLUG {connector}")
        self._plugged = True

    async def unplug(self) -> None:
        """Unplug the car (state A)."""
        await self.line.command("UNPLUG")
        self._plugged = self._hidden = False

    async def ready(self) -> None:
        """The car wants energy (state C). A pilot at earth, or cut, shows none of it."""
        if not self._hidden:
            await self.line.command("STATE C")

    async def not_ready(self) -> None:
        """The car wants none (state B). Without a car, or past a broken line, there is nothing to see of it."""
        if self._plugged and not self._hidden:
            await self.line.command("STATE B")

    async def fault(self, kind: str) -> None:
        """A fault on the line: "E" (pilot at earth), "diode" (the car's is bridged), "open" (pilot or earth broken)."""
        commands = {"E": "STATE E", "diode": "DIODE SHORT", "open": "STATE A"}
        if kind not in commands:
            raise BenchError(self.role, self.settings.port, f"fault {kind!r} is unknown; there are E, diode and open")
        await self.line.command(commands[kind])
        self._hidden = kind in ("E", "open") or self._hidden

    async def clear_fault(self) -> None:
        """Mend the fault; the car shows state B."""
        self._hidden = False
        await self.line.command("DIODE OK")
        await self.not_ready()

    async def current_limit(self, limit_a: float) -> None:
        """The most the car's charger would draw per phase."""
        await self.line.command(f"IMAX {limit_a:.2f}")

    async def power(self, power_w: float) -> None:
        """What an AC car's charger does while it talks ISO 15118: + charges, - discharges."""
        await self.line.command(f"POWER {power_w:.0f}")

    async def soc(self, pct: float) -> None:
        """The battery's state of charge."""
        await self.line.command(f"SOC {pct:.1f}")

    async def cable(self, rating_a: float) -> None:
        """The cable's rating by its proximity resistor: 13, 20, 32 or 63 A."""
        await self.line.command(f"CABLE {rating_a:.0f}")

    async def read(self) -> Sample:
        """One fresh sample."""
        reply = await self.line.command("READ", quietly=True)
        return self.feed.put(self.parse(reply), self.recorder.clock.mono_ns())

    async def restore(self) -> None:
        """No car, no fault, the usual cable."""
        for command in ("POWER 0", "DIODE OK", "UNPLUG", "CABLE 32"):
            await self.line.command(command)
        self._plugged = self._hidden = False
