"""The bench a campaign ran on: instruments with their calibration, versions, host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports._text import number
from reports._view import EvidenceView


@dataclass(frozen=True)
class InstrumentShown:
    """One bench role as the profile describes it; dates are ISO 8601 or empty."""

    role: str
    driver: str
    serial: str
    uncertainty: str
    calibrated: str
    due: str
    overdue: bool


def instruments(view: EvidenceView) -> list[InstrumentShown]:
    """The bench's instruments, from the profile (`pco.bench`)."""
    pco = view.profile.get("pco")
    bench = pco.get("bench") if isinstance(pco, dict) else None
    if not isinstance(bench, dict):
        return []
    return [_instrument(str(role), i, view.result.evaluation_date) for role, i in bench.items() if isinstance(i, dict)]


def _instrument(role: str, told: dict[str, Any], on: str) -> InstrumentShown:
    uncertainty = told.get("uncertainty")
    due = str(told.get("calibration_due") or "")
    return InstrumentShown(
        role=role,
        driver=str(told.get("driver") or ""),
        serial=str(told.get("serial") or ""),
        uncertainty=", ".join(_spread(str(k), v) for k, v in uncertainty.items()) if isinstance(uncertainty, dict) else "",
        calibrated=str(told.get("calibrated") or ""),
        due=due,
        overdue=bool(due) and due < on,
    )


def _spread(name: str, value: Any) -> str:
    unit = {"a": "A", "v": "V", "w": "W", "pct": "%", "hz": "Hz", "wh": "Wh"}.get(name.rsplit("_", 1)[-1], name)
    return f"± {number(float(value))} {unit}" if isinstance(value, (int, float)) else f"{name} {value}"


def surroundings(view: EvidenceView) -> list[tuple[str, str]]:
    """environment.json as (name, value) pairs, one level of nesting flattened, at most 40 of them."""
    pairs: list[tuple[str, str]] = []
    for name, value in view.environment.items():
        if isinstance(value, dict):
            pairs += [(f"{_said(name)}: {k}", _shown(v)) for k, v in value.items()]
        else:
            pairs.append((_said(name), _shown(value)))
    return pairs[:40]


def _said(name: str) -> str:
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)
