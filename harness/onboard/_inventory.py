"""The device model as a charger reported it, and what it tells about features that nobody declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from requirement_catalog import Feature

Declared = Literal["yes", "no", "undeclared"]


@dataclass(frozen=True)
class Reported:
    """One variable: where it stands, its actual value, its bounds. `evse` and `connector` 0: the station's own."""

    component: str
    variable: str
    value: str
    evse: int = 0
    connector: int = 0
    unit: str = ""
    maximum: float | None = None


class Inventory:
    """Reported variables by name; names are compared without regard to case (OCPP Part 1, 4.1)."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        self.variables = tuple(_read(entry) for entry in entries)

    def of(self, path: str, evse: int | None = None) -> list[Reported]:
        """All variables "Component.Variable", of any instance; with `evse` only that EVSE's and its connectors'."""
        component, _, variable = path.lower().partition(".")
        return [
            v
            for v in self.variables
            if v.component.lower() == component and v.variable.lower() == variable and (evse is None or v.evse == evse)
        ]

    def value(self, path: str) -> str | None:
        """The first value that is not empty."""
        return next((v.value for v in self.of(path) if v.value), None)

    def evses(self) -> list[int]:
        """The EVSE ids that variables mention, lowest first."""
        return sorted({v.evse for v in self.variables if v.evse})


def feature_told(feature: Feature, inventory: Inventory) -> tuple[Declared, str]:
    """What the device model says of a feature, and which variable says so.

    Only "Available: false" says no: what is switched off or not listed may still be there, and a "no" costs a verdict.
    """
    found = [(path, v) for path in feature.told_by for v in inventory.of(path)]
    if not found or not feature.told_when:
        return "undeclared", "the device model does not tell"
    for path, reported in found:
        if _holds(feature.told_when, reported.value):
            return "yes", f"{path} is {_short(reported.value)}"
    path, reported = found[0]
    if path.endswith(".Available") and reported.value:
        return "no", f"{path} is {_short(reported.value)}"
    if feature.told_when.startswith("contains "):
        return "undeclared", f"{path} does not list it: probably no, ask the supplier"
    return "undeclared", f"{path} is {_short(reported.value) or 'empty'}, which may be a setting: ask the supplier"


def _holds(rule: str, value: str) -> bool:
    word, _, wanted = rule.partition(" ")
    if word == "reported":
        return value != ""
    if word == "is":
        return value.strip() == wanted
    if word == "contains":
        members = [member.strip().lower() for member in value.split(",")]
        return wanted.lower() in members or (":" in wanted and value.lower().startswith(wanted.lower()))
    return value.strip().lower() == rule.lower()


def _read(entry: dict[str, Any]) -> Reported:
    component, variable = entry.get("component") or {}, entry.get("variable") or {}
    at = component.get("evse") or {}
    attributes = entry.get("variableAttribute") or []
    actual: dict[str, Any] = next((a for a in attributes if a.get("type", "Actual") == "Actual"), {})
    limits = entry.get("variableCharacteristics") or {}
    maximum = limits.get("maxLimit")
    return Reported(
        component=str(component.get("name", "")),
        variable=str(variable.get("name", "")),
        value=str(actual.get("value") or ""),
        evse=int(at.get("id") or 0),
        connector=int(at.get("connectorId") or 0),
        unit=str(limits.get("unit") or ""),
        maximum=float(maximum) if isinstance(maximum, int | float) else None,
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
