"""Driver of the grid source: energised work, so nothing moves without an interlock, and everything moves back."""

from __future__ import annotations

import asyncio
import contextlib

from harness.bench._errors import BenchError
from harness.bench._registry import driver
from harness.bench.line._instrument import Watching
from harness.bench.line._line import BadLine, fields, numbers

LOWEST_V, HIGHEST_V = 184.0, 264.5  # the envelope this bench allows, whatever the instrument would take
LOWEST_HZ, HIGHEST_HZ = 47.0, 52.0
KEEP_S = 3.0  # the instrument restores by itself after ten seconds of silence
WANTED = {"set_u_v": "set_v", "set_freq_hz": "set_f", "u_v": "u", "freq_hz": "f"}


@driver("grid_source", "grid_source")
class SerialGridSource(Watching):
    """Values: set_u_v, set_freq_hz, u_v, freq_hz, armed. Use `async with bench.armed_grid():` around `set`."""

    role = "grid_source"
    expected = "a grid source that streams lines starting with 'GRD' (driver grid_source)"
    _keeper: asyncio.Task[None] | None = None

    def parse(self, text: str) -> dict[str, object]:
        """The values of one line. Raises BadLine."""
        found = fields(text, tag="GRD")
        if found.get("armed") not in ("0", "1"):
            raise BadLine("armed has to be 0 or 1")
        return {**numbers(found, WANTED), "armed": found["armed"] == "1"}

    async def arm(self) -> None:
        """Close the interlock and keep it closed. Raises BenchError unless the profile says `interlock_armed: yes`."""
        if not self.settings.interlock_armed:
            raise BenchError(
                self.role, self.settings.port, "the profile does not say interlock_armed: yes; nobody answers for it"
            )
        await self.line.command("ARM")
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="grid-source-keep")

    async def set(self, *, u_v: float | None = None, freq_hz: float | None = None) -> None:
        """Change voltage or frequency; only while armed, only within 184-264.5 V and 47-52 Hz. Raises BenchError."""
        if self._keeper is None:
            raise BenchError(self.role, self.settings.port, "the interlock is not armed; use `bench.armed_grid()`")
        for value, low, high, command in (
            (u_v, LOWEST_V, HIGHEST_V, "SET V {:.1f}"),
            (freq_hz, LOWEST_HZ, HIGHEST_HZ, "SET F {:.3f}"),
        ):
            if value is None:
                continue
            if not low <= value <= high:
                raise BenchError(self.role, self.settings.port, f"{value:g} is outside {low:g} to {high:g}")
            await self.line.command(command.format(value))

    async def disarm(self) -> None:
        """Restore 230 V and 50 Hz and open the interlock."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
        await self.line.command("RESTORE")
        await self.line.command("DISARM")

    async def restore(self) -> None:
        """The same as `disarm`."""
        await self.disarm()

    async def close(self) -> None:
        """Restore if need be, and release the port."""
        if self._keeper is not None:
            with contextlib.suppress(BenchError):
                await self.disarm()
        await super().close()

    async def _keep(self) -> None:
        with contextlib.suppress(BenchError):  # when it cannot be reached, it restores by itself
            while True:
                await asyncio.sleep(KEEP_S)
                await self.line.command("KEEP", quietly=True)
