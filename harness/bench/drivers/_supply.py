"""Driver of the relay in the charger's own supply with power."""

from __future__ import annotations

from harness.bench._registry import driver
from harness.bench.line._instrument import SerialInstrument
from harness.bench.line._line import BadLine


@driver("supply", "supply_relay")
class SupplyRelay(SerialInstrument):
    """Takes the charger's power away at once, and gives it back."""

    role = "supply"
    expected = "a relay in the supply that answers READ (driver supply_relay)"

    def parse(self, text: str) -> dict[str, object]:
        """This port sends nothing by itself. Raises BadLine."""
        raise BadLine("nothing was asked")

    async def begin(self) -> None:
        """Ask for its position. Raises BenchError."""
        await self.line.command("READ", quietly=True)

    async def off(self) -> None:
        """Take the power away."""
        await self.line.command("SUPPLY OFF")

    async def on(self) -> None:
        """Give it back."""
        await self.line.command("SUPPLY ON")

    async def restore(self) -> None:
        """The same as `on`."""
        await self.on()
