"""Numbers of ISO 15118 messages that nobody has checked: what is not there or of another type is not there."""

from __future__ import annotations

from typing import Any

from harness.judge.rules.v2g._message import V2gMessage

# what -2 and DIN call a limit, and what -20 calls it -> the quantity; the word before tells whether it is a maximum
QUANTITIES = ("Current", "Voltage", "Power")
_PRESENT = {"EVSEPresentCurrent": "Current", "EVSEPresentVoltage": "Voltage"}


def part(value: object, *names: str) -> Any:
    """What stands at a path of names, None where there is none."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def number(value: object) -> float | None:
    """A PhysicalValue or RationalNumber as a number."""
    if not isinstance(value, dict):
        return None
    found, power = value.get("Value"), value.get("Multiplier", value.get("Exponent", 0))
    if not isinstance(found, int) or not isinstance(power, int):
        return None
    try:
        return float(found) * 10.0**power
    except OverflowError:  # far outside of its type
        return None


def blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """A message's content, and the groups of parameters in it."""
    return [body, *(each for each in body.values() if isinstance(each, dict))]


def declared(m: V2gMessage, word: str) -> dict[str, float]:
    """The limits of an answer by quantity ("Current", "Voltage", "Power"); `word` is "Maximum" or "Minimum"."""
    found: dict[str, float] = {}
    for block in blocks(m.body):
        for quantity in QUANTITIES:
            for name in (f"EVSE{word}{quantity}Limit", f"EVSE{word}{quantity}", f"EVSE{word}Charge{quantity}"):
                if (value := number(block.get(name))) is not None:
                    found[quantity] = value
    return found


def declared_limits(m: V2gMessage) -> dict[str, float]:
    """The maxima that an answer declares, by quantity; of a current and a power also those of discharging."""
    found = declared(m, "Maximum")
    for block in blocks(m.body):
        for quantity in ("Current", "Power"):
            if (value := number(block.get(f"EVSEMaximumDischarge{quantity}"))) is not None:
                found[f"Discharge{quantity}"] = abs(value)
    return found


def present(m: V2gMessage) -> dict[str, float]:
    """What a charge loop's answer says that flows now, by quantity."""
    return {quantity: value for name, quantity in _PRESENT.items() if (value := number(m.body.get(name))) is not None}
