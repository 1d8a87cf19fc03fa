"""Which case verifies which criterion: read from the cases' text; the committed file may not go stale."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
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
        named = _module_values(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for criterion, variant in _verified(node, named, shown):
                    case = f"{shown}::{node.name}{variant}"
                    if case not in found.setdefault(criterion, []):
                        found[criterion].append(case)
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


def _module_values(tree: ast.Module) -> dict[str, ast.expr]:
    """What the file's own constants were set to: parameter lists often stand under a name."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _verified(
    node: ast.FunctionDef | ast.AsyncFunctionDef, named: Mapping[str, ast.expr], shown: str
) -> Iterator[tuple[str, str]]:
    """Criterion and variant ("[expired]", or "") of each `verifies` on a case or on a parameter of it."""
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call):
            continue
        if _name(decorator) == "verifies":
            yield from ((criterion, "") for criterion in _ids(decorator, shown))
        elif _name(decorator) == "parametrize":
            for argument in decorator.args:
                value = named.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                for variant, call in _marks(value):
                    yield from ((criterion, variant) for criterion in _ids(call, shown))


def _marks(parameters: ast.expr) -> Iterator[tuple[str, ast.Call]]:
    """Each `verifies(...)` inside `pytest.param(...)`, with the parameter's own id."""
    for param in ast.walk(parameters):
        if isinstance(param, ast.Call) and _name(param) == "param":
            given = [k.value for k in param.keywords if k.arg == "id"]
            variant = f"[{given[0].value!s}]" if given and isinstance(given[0], ast.Constant) else ""
            for keyword in param.keywords:
                if keyword.arg == "marks":
                    calls = (each for each in ast.walk(keyword.value) if isinstance(each, ast.Call))
                    yield from ((variant, call) for call in calls if _name(call) == "verifies")


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _ids(call: ast.Call, shown: str) -> Iterator[str]:
    for argument in call.args:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            wrong = "@verifies holds something that is not plain text"
            raise CatalogueError([Problem(shown, argument.lineno, "", wrong, 'write @verifies("SC-04.2")')])
        yield argument.value
