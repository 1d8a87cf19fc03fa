"""Limits as people write them: "10 A", "-5 kW"; read into a number in A or W."""

from __future__ import annotations

import re

_PATTERN = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*(A|W|kW)\s*$")


def quantity(text: str) -> tuple[float, str]:
    """(value, unit) with unit "A" or "W". Raises ValueError for anything that is no current or power."""
    found = _PATTERN.match(text)
    if not found:
        raise ValueError(f"{text!r} is no limit; write a number and A, W or kW, for example '10 A' or '-5 kW'")
    value, unit = float(found[1]), found[2]
    if unit == "kW":
        value, unit = value * 1000, "W"
    return round(value, 3), unit


def number(value: float) -> float | int:
    """Whole numbers without a decimal point, as most backends send them."""
    return int(value) if float(value).is_integer() else value
