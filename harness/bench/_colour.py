"""From red, green and blue to what a person would call it."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

DARK = 16  # of 255: a lamp that is off still reflects a little
DIM = 0.75  # of the brightest: what a pulsing light falls below
NO_PAUSE = 20  # samples: a second of darkness is no pause of a blinking light
LONG = 40  # samples: two seconds at 20 Hz, longer than a slow pulse
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

    Only the samples since the colour last changed, or since a second of darkness, count. Darkness between lit samples
    is a blinking light's pause; a light that never blinked and is dark now has gone out.
    """
    newest = [each for _, each in reversed(seen)]
    lit = [colour for colour, _ in seen if colour != "dark"]
    dark_now = next((n for n, brightness in enumerate(newest) if brightness >= DARK), len(newest))
    if not lit or dark_now >= NO_PAUSE:
        return "dark", "off"
    colour = lit[-1]
    same: list[float] = []
    dark = 0
    for name, brightness in list(reversed(seen))[dark_now:]:
        dark = dark + 1 if name == "dark" else 0
        if name not in (colour, "dark") or dark >= NO_PAUSE:
            break
        same.append(brightness)
    same = same[: 1 + max((n for n, brightness in enumerate(same) if brightness >= DARK), default=0)]
    brightest, darkest = max(same), min(same)
    if dark_now and darkest >= DARK:
        return "dark", "off"
    if darkest > DIM * brightest or (not dark_now and _has_settled([each > DIM * brightest for each in same])):
        return colour, "steady"
    return colour, "blinking" if darkest < DARK else "pulsing"


def _has_settled(bright: Sequence[bool]) -> bool:
    """Whether a light that pulsed or blinked has been bright for longer than between two pulses; newest first."""
    now = next((n for n, each in enumerate(bright) if not each), len(bright))
    between, length = [], 0
    for each in bright[now:]:
        if each:
            length += 1
        elif length:
            between.append(length)
            length = 0
    return now >= LONG or (bool(between) and now > 1.25 * max(between) + 1)
