"""The verdicts as a table for spreadsheets: one row a measurement, at least one row a criterion."""

from __future__ import annotations

import csv
import io

from harness.judge import Measurement
from reports._text import visible
from reports._view import EvidenceView

COLUMNS = (
    "requirement",
    "criterion",
    "statement",
    "verdict",
    "obligation",
    "phase",
    "gates",
    "waived",
    "proven_by",
    "why",
    "next_who",
    "next_what",
    "case",
    "measured",
    "value",
    "uncertainty",
    "unit",
    "limit",
    "tolerance",
    "sense",
    "limit_source",
    "limit_confidence",
    "events",
    "emulated",
)


def render_verdicts_csv(view: EvidenceView) -> str:
    """Comma-separated, RFC 4180, with a heading row. A text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for requirement in view.result.requirements:
        for c in requirement.criteria:
            head = [
                requirement.id,
                c.id,
                c.statement,
                str(c.verdict),
                str(c.obligation),
                str(c.phase),
                _yes(c.gates),
                _yes(c.waived),
                c.proven_by,
                c.why,
                c.next_who,
                c.next_what,
            ]
            found = [(f, m) for f in c.findings for m in f.finding.measurements]
            if not found:
                events = sorted({n for f in c.findings for n in f.finding.events})
                row = [*head, c.findings[0].claim.case if c.findings else "", *[""] * 9, _events(tuple(events))]
                writer.writerow([*map(_plain, row), _yes(view.emulated)])
            for each, measured in found:
                row = [*head, each.claim.case, *_measured(measured), _events(each.finding.events)]
                writer.writerow([*map(_plain, row), _yes(view.emulated)])
    return out.getvalue()


def _measured(m: Measurement) -> list[str]:
    limit = "" if m.limit is None else repr(m.limit)
    numbers = [repr(m.value), repr(m.uncertainty), m.unit, limit, repr(m.tolerance) if limit else ""]
    return [m.name, *numbers, str(m.sense or ""), m.limit_source, str(m.limit_confidence or "")]


def _events(numbers: tuple[int, ...]) -> str:
    return " ".join(f"#{n}" for n in numbers[:50])


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _plain(text: str) -> str:
    shown = str(visible(text))
    if shown[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(shown):
        return f"'{shown}"
    return shown


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
