"""Reports its meter values in kW and kWh, some with a multiplier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

UNITS = {"W": {"unit": "kW"}, "Wh": {"unit": "Wh", "multiplier": 3}}


def _alter(station: Station) -> None:
    def in_thousands(_: str, value: Any) -> Any:
        unit = value.get("unitOfMeasure", {}).get("unit") if isinstance(value, dict) else None
        if unit not in UNITS:
            return value
        return {**value, "value": round(value["value"] / 1000, 6), "unitOfMeasure": UNITS[unit]}

    says(station, lambda _, payload: everywhere(payload, in_thousands))


VARIANT = Variant(
    name="meters-in-kilowatts",
    title="Meter values in kW, and in Wh times a thousand",
    what_is_unusual="Powers are given in kW, energies in Wh with multiplier 3.",
    why_legal="The unit is any of the list of standardized units, and a multiplier is a power of ten to be applied.",
    clauses=("OCPP 2.0.1 Part 2, UnitOfMeasureType",),
    touches=("SC-04.7", "SC-09.3", "SC-09.9", "BI-16.1"),
    apply=_alter,
)
