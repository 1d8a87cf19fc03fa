"""Drivers for a person who reads a meter and looks at the light."""

from __future__ import annotations

from typing import Any

from harness.bench._errors import BenchError
from harness.bench._registry import driver
from harness.bench.drivers._person import PersonWatcher
from harness.operator import Prompt

COLOURS = ("dark", "white", "red", "orange", "yellow", "green", "cyan", "blue", "purple")
PATTERNS = ("steady", "pulsing", "blinking")
TRIES = 3


@driver("meter")
class PersonMeter(PersonWatcher):
    """Reads power and phase currents off a display. Slow: good for levels, useless for response times."""

    role = "meter"

    async def look(self, what: str) -> dict[str, Any]:
        """p_w and i_l1_a, i_l2_a, i_l3_a."""
        power = await self._operator.ask(
            Prompt(
                "bench.meter.power",
                "Which power does the reference meter show? Minus when energy flows to the grid.",
                kind="number",
                unit="kW",
                why=what,
            )
        )
        values: dict[str, Any] = {"p_w": round(float(power.value or 0.0) * 1000.0, 3)}
        for _ in range(TRIES):
            answer = await self._operator.ask(
                Prompt("bench.meter.currents", "The currents of L1, L2 and L3 in A, with spaces between:", kind="text")
            )
            try:
                amps = [float(word.replace(",", ".")) for word in str(answer.value).split()]
            except ValueError:
                continue
            if len(amps) in (1, 3):
                return values | {f"i_l{n}_a": amp for n, amp in enumerate(amps, start=1)}
        raise BenchError(self.role, None, f"{TRIES} times the answer was not one or three numbers")


@driver("light")
class PersonLight(PersonWatcher):
    """Looks at the status light and photographs it."""

    role = "light"

    async def look(self, what: str) -> dict[str, Any]:
        """colour and pattern."""
        colour = await self._operator.ask(
            Prompt(
                "bench.light.colour",
                "Which colour does the charger's status light have now?",
                kind="choice",
                choices=COLOURS,
                why=what,
                with_photo=True,
            )
        )
        if colour.value == "dark":
            return {"colour": "dark", "pattern": "off"}
        pattern = await self._operator.ask(
            Prompt("bench.light.pattern", "And how does it shine?", kind="choice", choices=PATTERNS, why=what)
        )
        return {"colour": colour.value, "pattern": pattern.value}
