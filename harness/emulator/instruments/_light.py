"""The emulated colour sensor in front of the status light: red, green and blue as they shine now."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.emulator.instruments._base import Instrument
from harness.emulator.panel import Panel

AMBIENT = 4.0  # what a dark lamp still reflects


class LightSensor(Instrument):
    """Streams raw counts 0..255 twenty times a second; naming colour and pattern is the reader's business."""

    role = "light"

    def __init__(self, panel: Panel, seed: int = 1, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        super().__init__(seed)
        self._panel = panel
        self._clock_ns = clock_ns

    def telegram(self) -> str:
        """The three channels."""
        red, green, blue = (
            min(255, max(0, round(level * 0.98 + AMBIENT + self.noise(1.0))))
            for level in self._panel.shines(self._clock_ns())
        )
        return f"RGB #{self.sequence:05d} r={red} g={green} b={blue}"
