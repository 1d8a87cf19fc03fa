"""The catalogue in forms others can use: JSON for machines, CSV for a spreadsheet, a printable page for a tender."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from requirement_catalog._catalogue import Catalogue, catalogue_digest
from requirement_catalog._cells import spreadsheet_cell
from requirement_catalog._limits import resolve_limits, users_of
from requirement_catalog._model import (
    AppliesWhen,
    ContractParameter,
    Criterion,
    NeededDocument,
    ReferenceNumber,
    Requirement,
)
from requirement_catalog.tender._tender import ResolvedLimit, Tender

_WAYS = {
    "test": "test",
    "operator_inspection": "inspection by a person",
    "document_review": "document review",
    "log_analysis": "analysis of logs",
}
_CONFIDENCE = {
    "confirmed": "confirmed",
    "contract_default": "our default, not agreed by a client",
    "corroborated": "two independent public sources agree",
    "secondary": "one public source; decides nothing until confirmed",
    "recalled": "from memory; decides nothing until confirmed",
}
_KINDS = {
    "decides": "decides",
    "samples": "how much is looked at",
    "bounds": "how much is kept or shown",
}
_ROLES = {
    "early": "sooner than it was told",
    "least_tls": "version of TLS",
    "missed": "intervals without a value",
    "off": "time to switch off",
    "over": "above the limit",
    "over_power": "above a limit in watt",
}
CSV_COLUMNS = (
    "requirement", "title", "criterion", "statement", "obligation", "phase", "verified_by", "also_by", "module",
    "clauses", "applies_to", "limits", "limits_sources", "limits_confidence", "due", "source_table", "source_number",
)  # fmt: skip


def export_json(catalogue: Catalogue, tender: Tender) -> str:
    """Everything, with the limits resolved; keys as in the YAML files."""
    limits, users = resolve_limits(catalogue, tender), users_of(catalogue)
    content: dict[str, Any] = {
        "schema": "chargeproof/catalogue-export/1",
        "digest": catalogue_digest(catalogue),
        "tender": {
            "title": tender.title,
            "client": tender.client,
            "depth": tender.depth,
            "decision_rule": tender.decision_rule,
            "changes": tender.changes,
        },
        "requirements": catalogue.requirements,
        "limits": limits,
        "parameters": [_with_users(each, users) for each in tender.parameters.values()],
        "reference_numbers": [_with_users(each, users) for each in tender.reference_numbers.values()],
        "method": catalogue.method,
        "features": catalogue.features,
        "standards": catalogue.standards,
        "grid_settings": catalogue.grid_settings,
    }
    return json.dumps(msgspec.to_builtins(content), indent=2, ensure_ascii=False) + "\n"


def export_csv(catalogue: Catalogue, tender: Tender) -> str:
    """A row per criterion."""
    limits = resolve_limits(catalogue, tender)
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for requirement in catalogue.requirements:
        for criterion in requirement.criteria:
            mine = list(limits.get(criterion.id, {}).values())
            row = {
                "requirement": requirement.id,
                "title": requirement.title,
                "criterion": criterion.id,
                "statement": criterion.statement,
                "obligation": tender.obligation_of(criterion).value,
                "phase": criterion.phase.value,
                "verified_by": criterion.verified_by.value,
                "also_by": " ".join(way.value for way in criterion.also_by),
                "module": criterion.module or "",
                "clauses": "; ".join(criterion.clauses),
                "applies_to": applies_in_words(requirement, criterion),
                "limits": "; ".join(
                    f"{role_in_words(role)}: {limit_in_words(limit)}"
                    for role, limit in limits.get(criterion.id, {}).items()
                ),
                "limits_sources": "; ".join(dict.fromkeys(limit.source for limit in mine)),
                "limits_confidence": "; ".join(dict.fromkeys(limit.confidence.value for limit in mine)),
                "due": criterion.due or "",
                "source_table": requirement.source.table,
                "source_number": requirement.source.number,
            }
            writer.writerow({column: spreadsheet_cell(text) for column, text in row.items()})
    return out.getvalue()


def export_html(catalogue: Catalogue, tender: Tender) -> str:
    """One self-contained page that prints well; no scripts, nothing loaded from elsewhere."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        limit_in_words=limit_in_words,
        role_in_words=role_in_words,
        applies_in_words=applies_in_words,
        document_in_words=document_in_words,
        ways=_WAYS,
        confidences=_CONFIDENCE,
        kinds=_KINDS,
    )
    return environment.get_template("catalogue.html.j2").render(
        catalogue=catalogue, tender=tender, limits=resolve_limits(catalogue, tender), digest=catalogue_digest(catalogue)
    )


def limit_in_words(limit: ResolvedLimit) -> str:
    """A limit as a tender would write it: "at most 10 s", "at least 98 %"."""
    sense = limit.sense.value.replace("_", " ")
    tolerance = f" (tolerance {limit.tolerance:g} {limit.unit})" if limit.tolerance else ""
    return f"{sense} {limit.value:g} {limit.unit}{tolerance}"


def role_in_words(role: str) -> str:
    """What a limit is for: "response", "zero current", "above the limit"."""
    return _ROLES.get(role) or role.replace("_", " ")


def _with_users(item: ContractParameter | ReferenceNumber, users: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    return {**msgspec.to_builtins(item), "used_by": users.get(item.name, ())}


def applies_in_words(requirement: Requirement, criterion: Criterion | None = None) -> str:
    """Which products it is for: "DC, bidirectional", or "all"."""
    words: list[str] = []
    for condition in (requirement.applies_when, criterion.applies_when if criterion else None):
        words += [word for word in _conditions(condition) if word not in words] if condition else []
    return ", ".join(words) or "all"


def document_in_words(needed: NeededDocument) -> str:
    """A needed paper, with the editions and scope it must name."""
    editions = " or ".join(f"{s.standard}{f', {s.edition} or later' if s.edition else ''}" for s in needed.standards)
    scope = f"naming {', '.join(needed.scope)}" if needed.scope else ""
    more = "; ".join(part for part in (editions, scope) if part)
    return f"{needed.paper} ({more})" if more else needed.paper


def _conditions(condition: AppliesWhen) -> list[str]:
    words = []
    if condition.current:
        words.append(" or ".join(condition.current))
    if condition.site:
        words.append(" or ".join(site.replace("_", "-") for site in condition.site) + " sites")
    if condition.bidirectional is not None:
        words.append("bidirectional" if condition.bidirectional else "one-way")
    if condition.product:
        words.append(" or ".join(condition.product))
    return words
