"""Has an identity with every kind of character that OCPP allows."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

VARIANT = Variant(
    name="odd-identity",
    title="An identity full of punctuation",
    what_is_unusual="Its identity is NL*CHP_E-1=a+b|c@d.e, percent-encoded in the address.",
    why_legal="An identity is an identifierString of at most 48 characters, without a colon.",
    clauses=("OCPP-J Part 4, 3.1.1", "OCPP 2.0.1 Part 2, primitive datatypes (identifierString)"),
    touches=("SC-05", "SC-06.1", "SC-06.6", "SC-09.1", "SC-09.9"),
    declares={"pixit": {"identity": "NL*CHP_E-1=a+b|c@d.e"}},
)
