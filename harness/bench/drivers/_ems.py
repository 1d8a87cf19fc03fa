"""Driver of the energy management system's port on the charger."""

from __future__ import annotations

from harness.bench._registry import driver
from harness.bench.line._instrument import SerialInstrument
from harness.bench.line._line import BadLine


@driver("ems", "ems_port")
class SerialEms(SerialInstrument):
    """Sets a limit the way a local energy management system would."""

    role = "ems"
    expected = "an energy management port that answers READ (driver ems_port)"

    def parse(self, text: str) -> dict[str, object]:
        """This port sends nothing by itself. Raises BadLine."""
        raise BadLine("nothing was asked")

    async def begin(self) -> None:
        """Ask for the limit it holds. Raises BenchError."""
        await self.line.command("READ", quietly=True)

    async def limit(self, charge_w: float, discharge_w: float | None = None) -> None:
        """Tell the charger how much power it may take, and optionally give back."""
        await self.line.command(f"LIMIT {charge_w:.0f}" + ("" if discharge_w is None else f" {discharge_w:.0f}"))

    async def clear(self) -> None:
        """Withdraw the limit."""
        await self.line.command("CLEAR")

    async def restore(self) -> None:
        """The same as `clear`."""
        await self.clear()
