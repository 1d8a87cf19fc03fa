"""Writes the names of components and variables in small letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def small(key: str, value: Any) -> Any:
        if key in ("component", "variable") and isinstance(value, dict):
            return {**value, "name": value["name"].lower()}
        return value

    says(station, lambda _, payload: everywhere(payload, small))


VARIANT = Variant(
    name="names-in-small-letters",
    title="Component and variable names in small letters",
    what_is_unusual="It writes ocppcommctrlr.offlinethreshold in answers, reports and events.",
    why_legal="Both names are identifierStrings, and those are case-insensitive.",
    clauses=("OCPP 2.0.1 Part 2, primitive datatypes (identifierString)", "ComponentType.name, VariableType.name"),
    touches=("SC-09", "BI-20", "GEN-02.2", "BI-16.1", "SC-04.7"),
    apply=_alter,
)
