"""A charger for 16 A per phase: 11 kW, the most common size."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

VARIANT = Variant(
    name="three-phase-16a",
    title="Rated for 16 A per phase (11 kW)",
    what_is_unusual="The charger never offers more than 16 A per phase.",
    why_legal="D5.4 no. 4 speaks of every charging point, whatever its power; IEC 61851-1 knows ratings from 6 A on.",
    clauses=("SCALE D5.4 no. 4", "IEC 61851-1:2017 Annex A"),
    touches=("SC-04", "SC-05.2", "SC-07", "SC-09", "PR-15", "BI-16", "BI-19"),
    ratings={"max_a": 16.0, "max_charge_w": 11040.0},
    declares={"pixit": {"rated_current_a": 16, "rated_charge_w": 11040}},
)
