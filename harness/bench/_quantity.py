"""Numbers with units as people write them: "10 A", "-3.5 kW", "500 ms"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    "A": ("A", 1.0),
    "mA": ("A", 1e-3),
    "V": ("V", 1.0),
    "kV": ("V", 1e3),
    "W": ("W", 1.0),
    "kW": ("W", 1e3),
    "MW": ("W", 1e6),
    "Wh": ("Wh", 1.0),
    "kWh": ("Wh", 1e3),
    "Hz": ("Hz", 1.0),
    "mHz": ("Hz", 1e-3),
    "kHz": ("Hz", 1e3),
    "s": ("s", 1.0),
    "ms": ("s", 1e-3),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "%": ("%", 1.0),
}
_SHAPE = re.compile(r"\s*([+\-−]?\d+(?:[.,]\d+)?)\s*([A-Za-z%]+)\s*")


@dataclass(frozen=True)
class Quantity:
    """A value in its base unit: A, V, W, Wh, Hz, s or %."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


def quantity(text: str | Quantity, unit: str | None = None) -> Quantity:
    """Read "10 A"; with `unit`, insist on that base unit. Raises ValueError saying what would be right."""
    if isinstance(text, Quantity):
        found = text
    else:
        match = _SHAPE.fullmatch(text)
        if match is None or match[2] not in _UNITS:
            raise ValueError(f"{text!r} is no quantity; write a number and a unit, such as '10 A', '-3.5 kW', '500 ms'")
        base, factor = _UNITS[match[2]]
        found = Quantity(float(match[1].replace(",", ".").replace("−", "-")) * factor, base)
    if unit is not None and found.unit != unit:
        raise ValueError(f"{text!s} is in {found.unit}; wanted is a quantity in {unit}")
    return found
