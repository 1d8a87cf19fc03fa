"""A bidirectional charger with a DC outlet alone."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

_NO_PILOT_ALONE = ("SC-07.2", "SC-07.3", "SC-07.4", "SC-07.5", "SC-07.6", "SC-07.8", "SC-07.9")

VARIANT = Variant(
    name="dc-only",
    title="Bidirectional by DC alone",
    what_is_unusual="There is no AC outlet; whoever charges here talks ISO 15118, and the pilot alone gives no power.",
    why_legal="D5.4 asks bidirectional chargers for AC or DC bidirectional transfer, by what they charge with.",
    clauses=("SCALE D5.4 no. 19", "IEC 61851-1:2017, mode 4", "ISO 15118-20 DC_BPT"),
    touches=("SC-04.1", "SC-07", "SC-09.1", "SC-09.7", "BI-16.1", "BI-16.2", "BI-18", "BI-19", "BI-20.1"),
    declares={"product": {"current": ["DC"]}, "pics": {"ac_bpt": "no"}},
    may_change={
        **dict.fromkeys(_NO_PILOT_ALONE, "not_applicable"),
        "BI-19.3": "not_applicable",
        "BI-19.4": "not_applicable",
    },
)
