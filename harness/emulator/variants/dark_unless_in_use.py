"""Keeps its light off unless power flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.panel import Lamp
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    dark = Lamp((0, 0, 0), "off")
    station.panel.lamps |= {"available": dark, "occupied": dark, "charging": Lamp((170, 0, 230), "pulsing")}


VARIANT = Variant(
    name="dark-unless-in-use",
    title="Dark when nothing flows; one colour, two patterns",
    what_is_unusual="The light is off without power; charging pulses in the purple that is steady for a discharge.",
    why_legal="D5.4 asks for a light that tells a discharge apart; a pattern does so as well as a colour.",
    clauses=("SCALE D5.4 no. 18",),
    touches=("BI-18", "BI-16"),
    apply=_alter,
)
