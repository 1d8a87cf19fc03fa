"""Shows a discharge by a blinking light of its own colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.panel import Lamp
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    station.panel.lamps |= {
        "available": Lamp((255, 255, 255)),
        "occupied": Lamp((0, 200, 40)),
        "charging": Lamp((0, 200, 40), "pulsing"),
        "discharging": Lamp((230, 110, 0), "pulsing"),
    }


VARIANT = Variant(
    name="blinks-when-discharging",
    title="A pulsing orange light for a discharge",
    what_is_unusual="Pulsing orange while it discharges, pulsing green while it charges, white when it is free.",
    why_legal="D5.4 asks for a light that tells a discharge from everything else; it names no colour and no pattern.",
    clauses=("SCALE D5.4 no. 18",),
    touches=("BI-18", "BI-16"),
    apply=_alter,
)
