"""Driver of the colour sensor in front of the status light; it names what it sees."""

from __future__ import annotations

from collections import deque

from harness.bench._colour import colour_name, pattern_of
from harness.bench._registry import driver
from harness.bench.line._instrument import Watching
from harness.bench.line._line import fields, numbers

WINDOW = 80  # samples: four seconds at 20 Hz, enough for two slow pulses


@driver("light", "colour_sensor")
class ColourSensor(Watching):
    """Values: r, g, b (0-255), colour (a name, or "dark"), pattern ("steady", "pulsing", "blinking", "off")."""

    role = "light"
    expected = "a colour sensor that streams lines starting with 'RGB' (driver colour_sensor)"
    _seen: deque[tuple[str, float]] | None = None

    def parse(self, text: str) -> dict[str, object]:
        """The channels, and colour and pattern as they follow from the last seconds. Raises BadLine."""
        channels = numbers(fields(text, tag="RGB"), {"r": "r", "g": "g", "b": "b"})
        if self._seen is None:
            self._seen = deque(maxlen=WINDOW)
        colour = colour_name(channels["r"], channels["g"], channels["b"])
        self._seen.append((colour, max(channels.values())))
        shown, pattern = pattern_of(list(self._seen))
        return {**channels, "colour": shown, "pattern": pattern}
