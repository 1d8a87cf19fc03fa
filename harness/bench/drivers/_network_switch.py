"""Driver of the relay in the charger's line to its backend."""

from __future__ import annotations

from harness.bench._registry import driver
from harness.bench.line._instrument import SerialInstrument
from harness.bench.line._line import BadLine


@driver("network_switch", "relay_switch")
class RelaySwitch(SerialInstrument):
    """Cuts and mends the line without a farewell."""

    role = "network_switch"
    expected = "a network relay that answers READ (driver relay_switch)"

    def parse(self, text: str) -> dict[str, object]:
        """This port sends nothing by itself. Raises BadLine."""
        raise BadLine("nothing was asked")

    async def begin(self) -> None:
        """Ask for its position. Raises BenchError."""
        await self.line.command("READ", quietly=True)

    async def off(self) -> None:
        """Cut it."""
        await self.line.command("NET OFF")

    async def on(self) -> None:
        """Mend it."""
        await self.line.command("NET ON")

    async def restore(self) -> None:
        """The same as `on`."""
        await self.on()
