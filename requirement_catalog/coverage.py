"""Which case verifies which criterion: read from the cases' text; the committed file may not go stale."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._check import nearest
from requirement_catalog._model import VerifiedBy
from requirement_catalog._yaml import CatalogueError, Problem

COLUMNS = ("criterion", "obligation", "phase", "verified_by", "also_by", "cases", "not_tested_because", "statement")


def case_index(folder: Path) -> dict[str, tuple[str, ...]]:
    """Criterion id to the cases ("file.py::function") that carry `@verifies` for it, in file order.

    Reads the files as text and runs none of them. Raises CatalogueError for a file that is not Python and for a
    `@verifies` whose ids are not plain text.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        shown = path.relative_to(folder).as_posix()
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"), filename=shown)
        except (SyntaxError, UnicodeDecodeError) as error:
            line = getattr(error, "lineno", None) or 1
            raise CatalogueError([Problem(shown, line, "", f"is not Python: {error}", "correct the file")]) from error
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for criterion in _verified(node, shown):
                    found.setdefault(criterion, []).append(f"{shown}::{node.name}")
    return {criterion: tuple(cases) for criterion, cases in found.items()}


def unknown_criteria(catalogue: Catalogue, cases: Mapping[str, Sequence[str]]) -> list[str]:
    """A sentence for each case that verifies a criterion which the catalogue does not have."""
    known = {c.id for c in catalogue.criteria}
    return [
        f"{', '.join(names)} verifies {criterion!r}, which is not in the catalogue; {nearest(criterion, known)}"
        for criterion, names in cases.items()
        if criterion not in known
    ]


def coverage_rows(catalogue: Catalogue, cases: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """A row per criterion, in reading order, with the columns of coverage.csv."""
    rows = []
    for criterion in catalogue.criteria:
        verified = tuple(cases.get(criterion.id, ()))
        why = criterion.not_tested_because or ""
        if not verified and not why and criterion.verified_by is VerifiedBy.TEST:
            why = "no case yet"
        rows.append(
            {
                "criterion": criterion.id,
                "obligation": criterion.obligation.value,
                "phase": criterion.phase.value,
                "verified_by": criterion.verified_by.value,
                "also_by": " ".join(way.value for way in criterion.also_by),
                "cases": " ".join(verified),
                "not_tested_because": "" if verified else why,
                "statement": criterion.statement,
            }
        )
    return rows


def coverage_csv(catalogue: Catalogue, cases: Mapping[str, Sequence[str]]) -> str:
    """coverage.csv as it must be committed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(coverage_rows(catalogue, cases))
    return out.getvalue()


def _verified(node: ast.FunctionDef | ast.AsyncFunctionDef, shown: str) -> list[str]:
    ids: list[str] = []
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call):
            continue
        name = decorator.func.attr if isinstance(decorator.func, ast.Attribute) else getattr(decorator.func, "id", "")
        if name != "verifies":
            continue
        for argument in decorator.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                wrong = f"{node.name}: @verifies holds something that is not plain text"
                raise CatalogueError([Problem(shown, argument.lineno, "", wrong, 'write @verifies("SC-04.2")')])
            ids.append(argument.value)
    return ids
