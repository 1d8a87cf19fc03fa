"""A bidirectional charger without a DC outlet."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

VARIANT = Variant(
    name="ac-only",
    title="Bidirectional by AC alone",
    what_is_unusual="There is no DC outlet; the car's own inverter gives the power back (AC_BPT).",
    why_legal="D5.4 asks bidirectional chargers for AC or DC bidirectional transfer, by what they charge with.",
    clauses=("SCALE D5.4 no. 19", "ISO 15118-20 AC_BPT"),
    touches=("SC-04", "SC-07", "SC-09.7", "BI-16", "BI-18", "BI-19", "BI-20"),
    declares={"product": {"current": ["AC"]}, "pics": {"dc_bpt": "no"}},
    may_change={
        "SC-07.7": "not_applicable",
        "SC-07.10": "not_applicable",
        "SC-07.11": "not_applicable",
        "BI-19.1": "not_applicable",
        "BI-19.2": "not_applicable",
    },
)
