"""The status light: its colour follows the power that is measured, not the power that was asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.emulator._ports import PlantPort
from harness.emulator.panel._picture import draw_panel

FLOWS_W = 100.0  # power below this is no flow
PULSE_S = 1.5


@dataclass(frozen=True)
class Lamp:
    """What the light shows: red, green, blue 0..255 and "steady", "pulsing" or "off"."""

    rgb: tuple[int, int, int]
    pattern: str = "steady"


COLOURS = {
    "available": Lamp((0, 200, 40)),
    "occupied": Lamp((0, 150, 220)),
    "charging": Lamp((20, 60, 255), "pulsing"),
    "discharging": Lamp((170, 0, 230)),
    "fault": Lamp((240, 0, 0)),
    "unavailable": Lamp((230, 110, 0)),
}


class Panel:
    """`shows()` is the state to display, `shines()` what leaves the lamp; `marking` is printed beside the outlet.

    The lamp takes on a state that has stood for `follow_s`: crossing zero power does not make it flicker.
    """

    def __init__(self, plant: PlantPort) -> None:
        self._plant = plant
        self.lamps = dict(COLOURS)
        self.marking = "Bidirectional - can discharge your car (V2G)"
        self.follow_s = 0.12
        self.faulted = False
        self.in_service: Callable[[], bool] = lambda: True
        self._lit = self._next = "available"
        self._next_since_ns = 0

    def direction(self) -> str:
        """By the station's own meter: "charging", "discharging" or ""."""
        power_w = self._plant.readings().p_w
        return "" if abs(power_w) < FLOWS_W else "charging" if power_w > 0 else "discharging"

    def shows(self) -> str:
        """The state on display; flowing power comes before everything but a fault."""
        if self.faulted:
            return "fault"
        flowing = self.direction()
        if flowing:
            return flowing
        if not self.in_service():
            return "unavailable"
        return "available" if self._plant.plugged_connector is None else "occupied"

    def shines(self, now_ns: int) -> tuple[float, float, float]:
        """Red, green and blue at this moment; asked for again and again, in the order of time."""
        wanted = self.shows()
        if wanted != self._next:
            self._next, self._next_since_ns = wanted, now_ns
        if now_ns - self._next_since_ns >= self.follow_s * 1e9:
            self._lit = self._next
        lamp = self.lamps[self._lit]
        level = 1.0
        if lamp.pattern == "pulsing":
            level = 0.625 + 0.375 * math.cos(2 * math.pi * (now_ns / 1e9) / PULSE_S)
        elif lamp.pattern == "off":
            level = 0.0
        red, green, blue = lamp.rgb
        return (red * level, green * level, blue * level)

    def draw(self, folder: Path) -> Path:
        """Draw the panel as it looks now; the file's path."""
        return draw_panel(folder, self._plant.ratings.model, self.marking, self.lamps[self.shows()].rgb)
