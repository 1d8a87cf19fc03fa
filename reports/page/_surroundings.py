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
        uncertainty=", ".join(_spread(str(k), v) for k, v in uncertainty.items())
        if isinstance(uncertainty, dict)
        else "",
        calibrated=str(told.get("calibrated") or ""),
        due=due,
        overdue=bool(due) and due < on,
    )


def _spread(name: str, value: Any) -> str:
    unit = {"a": "A", "v": "V", "w": "W", "pct": "%", "hz": "Hz", "wh": "Wh"}.get(name.rsplit("_", 1)[-1], name)
    return f"± {number(float(value))} {unit}" if isinstance(value, (int, float)) else f"{name} {value}"


def surroundings(view: EvidenceView) -> list[tuple[str, str]]:
    """environment.json's single facts as (name, value) pairs, at most 40."""
    facts = [(n, v) for n, v in view.environment.items() if not isinstance(v, dict) and n != "schema"]
    return [(_said(name), _shown(value)) for name, value in facts][:40]


def versions(view: EvidenceView) -> list[tuple[str, list[tuple[str, str]]]]:
    """environment.json's tables (packages, judges) as (name, [(item, version)]), each version in 12 characters."""
    tables = [(n, v) for n, v in view.environment.items() if isinstance(v, dict)]
    return [(_said(name), [(str(k), _shown(v)[:12]) for k, v in list(t.items())[:400]]) for name, t in tables]


def _said(name: str) -> str:
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)
