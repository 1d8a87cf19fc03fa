"""The emulated grid source: voltage and frequency within bounds, only while armed, and back to normal by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.emulator.instruments._base import CommandError, Instrument, number
from harness.emulator.plant import Grid

LOWEST_V, HIGHEST_V = 184.0, 264.5
LOWEST_HZ, HIGHEST_HZ = 47.0, 52.0
DEAD_MAN_S = 10.0  # armed and not spoken to for this long: restore and disarm


class GridSource(Instrument):
    """ARM, then SET; RESTORE, DISARM, silence and the end of the process all restore 230 V and 50 Hz."""

    role = "grid_source"
    period_s = 0.2

    def __init__(self, grid: Grid, seed: int = 1, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        super().__init__(seed)
        self._grid = grid
        self._clock_ns = clock_ns
        self.armed = False
        self._heard_ns = 0

    def telegram(self) -> str:
        """Set points, interlock, and what stands at the terminals."""
        if self.armed and self._clock_ns() - self._heard_ns > DEAD_MAN_S * 1e9:
            self._disarm()
        grid = self._grid
        return (
            f"GRD #{self.sequence:05d} set_v={grid.set_v:.1f} set_f={grid.set_hz:.3f} armed={int(self.armed)} "
            f"u={grid.u_v[0] + self.noise(0.02):.2f} f={grid.freq_hz:.3f}"
        )

    def command(self, words: list[str]) -> str:
        """ARM, DISARM, SET V|F, RESTORE, KEEP, READ."""
        self._heard_ns = self._clock_ns()
        match [word.upper() for word in words]:
            case ["ARM"]:
                self.armed = True
            case ["DISARM"]:
                self._disarm()
            case ["SET", "V" | "F" as what, _]:
                if not self.armed:
                    raise CommandError("the interlock is not armed")
                if what == "V":
                    self._grid.set_v = number(words, 2, LOWEST_V, HIGHEST_V)
                else:
                    self._grid.set_hz = number(words, 2, LOWEST_HZ, HIGHEST_HZ)
            case ["RESTORE"]:
                self._grid.restore()
            case ["KEEP"]:
                pass
            case ["READ"]:
                return self.telegram()
            case _:
                raise CommandError("not understood; see ARM DISARM SET RESTORE KEEP READ")
        return " ".join(words[1:])

    def stop(self) -> None:
        """Restore, then hang up."""
        self._disarm()
        super().stop()

    def _disarm(self) -> None:
        self._grid.restore()
        self.armed = False
