"""Puts its maker's own data into every object it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

OWN = {"vendorId": "com.example", "lot": 7}


def _alter(station: Station) -> None:
    def with_own(_: str, value: Any) -> Any:
        return {"customData": OWN, **value} if isinstance(value, dict) else value

    says(station, lambda _, payload: everywhere(payload, with_own))


VARIANT = Variant(
    name="custom-data",
    title="The maker's own data in every object",
    what_is_unusual="Every object in every message carries customData, in front of everything else.",
    why_legal="OCPP lets a maker extend any object by customData with a vendorId; who does not know it ignores it.",
    clauses=("OCPP 2.0.1 Part 2, CustomDataType",),
    touches=("SC-09", "SC-05", "SC-04", "BI-20", "GEN-02", "GEN-03", "PR-15.1", "PR-15.5"),
    apply=_alter,
)
