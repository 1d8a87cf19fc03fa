"""Rests a while before its power changes direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

RESTS_S = 1.2  # the tender of these campaigns allows four seconds for the whole way
FLOWS_W = 100.0


def _alter(station: Station) -> None:
    plant = station.plant
    way, still_since_ns = 0, 0

    def resting(wanted: Callable[[], float]) -> Callable[[], float]:
        def made() -> float:
            nonlocal way, still_since_ns
            aim_w, now_ns = wanted(), plant.now_ns
            new = 0 if abs(aim_w) < FLOWS_W else 1 if aim_w > 0 else -1
            if abs(plant.ramp.value_w) >= FLOWS_W:
                way, still_since_ns = (1 if plant.ramp.value_w > 0 else -1), now_ns
            if new and way and new != way and now_ns - still_since_ns < RESTS_S * 1e9:
                return 0.0
            return aim_w

        return made

    swap(plant, "wanted_w", resting)


VARIANT = Variant(
    name="rests-before-it-reverses",
    title="Rests for a second before it reverses its power",
    what_is_unusual="Between charging and discharging its power stays at zero for 1.2 s.",
    why_legal="A power stage may need a moment to turn round; the contract's response time includes it.",
    clauses=("v2x.response_time", "OCPP 2.1 Q04"),
    touches=("BI-16", "BI-18", "BI-19"),
    apply=_alter,
)
