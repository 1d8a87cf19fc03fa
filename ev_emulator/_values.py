"""Numbers as the standards write them: a short integer and a power of ten."""

from __future__ import annotations

from typing import Any

SHORT_MAX = 32767


def rational(value: float) -> dict[str, int]:
    """`value` as RationalNumberType (ISO 15118-20, 8.3.5.3.8), to the finest exponent of -3..3 that holds it."""
    for exponent in range(-3, 7):
        mantissa = round(value / 10.0**exponent)
        if abs(mantissa) <= SHORT_MAX:
            while exponent < 0 and mantissa % 10 == 0:
                mantissa, exponent = mantissa // 10, exponent + 1
            return {"Exponent": exponent, "Value": mantissa}
    raise ValueError(f"{value} does not fit a RationalNumber")


def number(value: Any) -> float | None:
    """The number a RationalNumber (or, in ISO 15118-2, a PhysicalValue) means; None when it is absent."""
    if not isinstance(value, dict) or "Value" not in value:
        return None
    exponent = int(value.get("Exponent") or value.get("Multiplier") or 0)
    return float(int(value["Value"]) * 10.0**exponent)


def phases_sum(block: dict[str, Any], name: str) -> float | None:
    """Power over all phases of `name` with its _L2 and _L3.

    Without its peers the plain element is the whole power; beside them it is L1's alone.
    """
    parts = [number(block.get(name + suffix)) for suffix in ("", "_L2", "_L3")]
    present = [part for part in parts if part is not None]
    return sum(present) if present else None
