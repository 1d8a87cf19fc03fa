"""The verdicts and the measurements as tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from harness.judge import CriterionResult, FindingResult, Measurement, PurposeResult, RuleOutcome
from reports._results import closest, hung, rule_rank
from reports._text import visible
from reports._view import EvidenceView
from requirement_catalog import spreadsheet_cell

_MEASURED = (
    "measured", "value", "uncertainty", "unit", "limit", "tolerance", "sense", "limit_source", "limit_confidence",
)  # fmt: skip
_KEY = ("requirement", "criterion", "purpose", "version", "evse", "service", "direction", "verdict")
COLUMNS = (
    *_KEY, "statement", "obligation", "conformance", "phase", "gates", "waived", "waiver", "cut", "proven",
    "stands_in_for", "proven_by", "why", "next_who", "next_what", "clauses", "case", *_MEASURED, "events", "emulated",
    "rule", "decides", "exercised", "violated",
)  # fmt: skip
MEASUREMENT_COLUMNS = (*_KEY, "case", "run", "control", *_MEASURED, "events", "emulated")


def render_verdicts_csv(view: EvidenceView) -> str:
    """A row for each criterion (its purpose is empty), then one for each of its purposes under each conditions.

    Then one for each rule that serves it; `rule` stands at the end, so that the columns before it keep their places.

    What was run along and what lies beyond the tender come last, without a requirement. The measurement of a row is the
    one that came closest to its limit; `render_measurements_csv` has them all. RFC 4180, with a heading row.
    """
    hang = hung(view.result)
    rules = sorted(view.result.rules, key=rule_rank)
    rows: list[dict[str, str]] = []
    for requirement in view.result.requirements:
        for c in requirement.criteria:
            rows.append(_criterion(requirement.id, c))
            gates = {"gates": _yes(c.gates), "obligation": str(c.obligation), "phase": str(c.phase)}
            rows += [_purpose(requirement.id, c.id, p) | gates for p in hang.under.get(c.id, ())]
            rows += [_rule(requirement.id, c.id, r) | gates for r in rules if c.id in r.serves]
    rows += [_purpose("", "", p) | {"gates": "no"} for p in (*hang.along, *hang.beyond)]
    rows += [_rule("", "", r) | {"gates": "no"} for r in rules if not r.serves]
    return _table(COLUMNS, rows, view)


def render_measurements_csv(view: EvidenceView) -> str:
    """A row for each measurement, with what it was held against; a purpose that serves several criteria names them."""
    rows: list[dict[str, str]] = []
    for p in view.result.purposes:
        criteria = " ".join(p.serves)
        head = _key(" ".join(dict.fromkeys(c.rpartition(".")[0] for c in p.serves)), criteria, p)
        rows += [head | row for row in _measurements(p.findings)]
    for requirement in view.result.requirements:
        for c in requirement.criteria:
            head = {"requirement": requirement.id, "criterion": c.id, "verdict": str(c.verdict)}
            rows += [head | row for row in _measurements(c.findings)]
    return _table(MEASUREMENT_COLUMNS, rows, view)


def _table(columns: Sequence[str], rows: Sequence[dict[str, str]], view: EvidenceView) -> str:
    """A text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        told = row | {"emulated": _yes(view.emulated)}
        writer.writerow([_plain(told.get(column, "")) for column in columns])
    return out.getvalue()


def _key(requirement: str, criterion: str, p: PurposeResult) -> dict[str, str]:
    under = p.conditions
    return {
        "requirement": requirement,
        "criterion": criterion,
        "purpose": p.purpose,
        "version": under.version,
        "evse": str(under.evse or ""),
        "service": under.service,
        "direction": under.direction,
        "verdict": str(p.verdict),
    }


def _criterion(requirement: str, c: CriterionResult) -> dict[str, str]:
    return {
        "requirement": requirement,
        "criterion": c.id,
        "verdict": str(c.verdict),
        "obligation": str(c.obligation),
        "phase": str(c.phase),
        "gates": _yes(c.gates),
        "proven_by": c.proven_by,
        **_common(c),
    }


def _purpose(requirement: str, criterion: str, p: PurposeResult) -> dict[str, str]:
    return {
        **_key(requirement, criterion, p),
        "conformance": str(p.conformance),
        "cut": _yes(p.cut),
        "proven": _yes(p.proven),
        "stands_in_for": " ".join(p.stands_in_for),
        "proven_by": "test" if p.findings else "",
        **_common(p),
        "case": p.case,
    }


def _rule(requirement: str, criterion: str, r: RuleOutcome) -> dict[str, str]:
    return {
        "requirement": requirement,
        "criterion": criterion,
        "rule": r.rule,
        "version": r.conditions.version,
        "verdict": str(r.verdict),
        "statement": r.statement,
        "conformance": str(r.conformance),
        "waived": _yes(r.waived),
        "waiver": r.waiver or "",
        "proven": _yes(r.proven),
        "decides": _yes(r.decides),
        "exercised": str(r.exercised),
        "violated": str(r.violated),
        "why": r.why,
        "next_who": r.next_who,
        "next_what": r.next_what,
        "clauses": "; ".join(r.clauses),
        "events": _events([n for place in r.places for n in place.events]),
    }


def _common(each: CriterionResult | PurposeResult) -> dict[str, str]:
    found = closest(each.findings)
    events = found[0].finding.events if found else sorted({n for f in each.findings for n in f.finding.events})
    return {
        "statement": each.statement,
        "waived": _yes(each.waived),
        "waiver": each.waiver or "",
        "why": each.why,
        "next_who": each.next_who,
        "next_what": each.next_what,
        "clauses": "; ".join(each.clauses),
        "case": each.findings[0].claim.case if each.findings else "",
        **(_measured(found[1]) if found else {}),
        "events": _events(events),
    }


def _measurements(findings: Sequence[FindingResult]) -> Iterator[dict[str, str]]:
    for f in findings:
        head = {"case": f.claim.case, "run": str(f.claim.run), "control": _yes(f.claim.control)}
        for m in f.finding.measurements:
            yield {**head, **_measured(m), "events": _events(f.finding.events)}


def _measured(m: Measurement) -> dict[str, str]:
    limit = "" if m.limit is None else repr(m.limit)
    numbers = [repr(m.value), repr(m.uncertainty), m.unit, limit, repr(m.tolerance) if limit else ""]
    texts = [m.name, *numbers, str(m.sense or ""), m.limit_source, str(m.limit_confidence or "")]
    return dict(zip(_MEASURED, texts, strict=True))


def _events(numbers: Sequence[int]) -> str:
    return " ".join(f"#{n}" for n in numbers[:50])


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _plain(text: str) -> str:
    return spreadsheet_cell(str(visible(text)))
