"""From red, green and blue to what a person would call it."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

DARK = 16  # of 255: a lamp that is off still reflects a little
GREY = 0.25  # saturation below which light counts as white
HUES = ((15, "red"), (45, "orange"), (70, "yellow"), (160, "green"), (208, "cyan"), (255, "blue"), (335, "purple"))


def colour_name(red: float, green: float, blue: float) -> str:
    """ "dark", "white", or the name of the hue."""
    if max(red, green, blue) < DARK:
        return "dark"
    hue, saturation, _ = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if saturation < GREY:
        return "white"
    return next((name for limit, name in HUES if hue * 360 < limit), "red")


def pattern_of(seen: Sequence[tuple[str, float]]) -> tuple[str, str]:
    """Colour and pattern now, from the last samples of (colour, brightness), oldest first.

    Only the samples since the colour last changed count; dark ones in between are a blinking light's pauses.
    """
    lit = [colour for colour, _ in seen if colour != "dark"]
    if not lit:
        return "dark", "off"
    colour = lit[-1]
    same: list[float] = []
    for name, brightness in reversed(seen):
        if name not in (colour, "dark"):
            break
        same.append(brightness)
    dark_now = next((n for n, brightness in enumerate(same) if brightness >= DARK), len(same))
    if dark_now >= 20:  # a second of darkness is no pause
        return "dark", "off"
    first_lit = max(n for n, brightness in enumerate(same) if brightness >= DARK)
    same = same[: first_lit + 1]
    brightest, darkest = max(same), min(same)
    if darkest < DARK:
        return colour, "blinking"
    return colour, "steady" if darkest > 0.75 * brightest else "pulsing"
