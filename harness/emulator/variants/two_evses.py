"""A station with two EVSEs, of which one is tested and the other stands free."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

VARIANT = Variant(
    name="two-evses",
    title="It has a second EVSE",
    what_is_unusual="Beside the EVSE under test there is another one, which tells of its connectors and takes limits.",
    why_legal="A station may have any number of EVSEs, numbered from 1; the profile says which of them are tested.",
    clauses=("OCPP 2.0.1 Part 1, 3-tier model; Part 2, EVSEType.id",),
    touches=("SC-04", "SC-07.4", "SC-09", "PR-15", "BI-20.3"),
    declares={"launch": {"evses": 2}},
)
