"""A charger that only charges, and speaks OCPP 2.0.1 and nothing newer."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

VARIANT = Variant(
    name="speaks-2-0-1-only",
    title="Charges only, by OCPP 2.0.1",
    what_is_unusual="It offers the subprotocol ocpp2.0.1 alone, and the supplier declares nothing bidirectional.",
    why_legal="D5.4 asks smart chargers for OCPP 2.0.1; only bidirectional ones need 2.1.",
    clauses=("SCALE D5.4 no. 9", "OCPP-J Part 4, 3.1.2 (subprotocol)"),
    touches=("GEN-03", "SC-04", "SC-05", "SC-06", "SC-07", "SC-09", "PR-15"),
    ratings={"max_discharge_w": 0.0},
    declares={
        "product": {"bidirectional": False},
        "pics": dict.fromkeys(("ocpp_2_1", "iso15118_20", "ac_bpt", "dc_bpt", "v2x", "der_control"), "no"),
        "pixit": {"rated_discharge_w": 0},
        "launch": {"offer": ["ocpp2.0.1"]},
    },
)
