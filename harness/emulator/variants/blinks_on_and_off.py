"""Shows a discharge by a light that goes on and off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Shine = Callable[[int], tuple[float, float, float]]
HALF_NS = 400_000_000


def _alter(station: Station) -> None:
    panel = station.panel

    def blinking(shines: Shine) -> Shine:
        def made(now_ns: int) -> tuple[float, float, float]:
            colour = shines(now_ns)
            dark = panel._lit == "discharging" and now_ns // HALF_NS % 2
            return (0.0, 0.0, 0.0) if dark else colour

        return made

    swap(panel, "shines", blinking)


VARIANT = Variant(
    name="blinks-on-and-off",
    title="A light that blinks while it discharges",
    what_is_unusual="While it discharges the light is on for 0.4 s and off for 0.4 s.",
    why_legal="D5.4 asks for a light that tells a discharge from everything else; it names no pattern.",
    clauses=("SCALE D5.4 no. 18",),
    touches=("BI-18", "BI-16"),
    apply=_alter,
)
