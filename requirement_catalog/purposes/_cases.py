"""Which case serves which purpose: read from the cases' text, running none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from requirement_catalog.reading._yaml import CatalogueError, Problem


@dataclass(frozen=True)
class FoundCase:
    """One case, or one variant of it: "test_sc06.py::test_refuses[expired]", where it stands, and what it serves."""

    name: str
    file: str
    line: int
    purposes: tuple[str, ...]


def find_cases(folder: Path) -> tuple[FoundCase, ...]:
    """All cases under `folder`, in file order; one without purposes too.

    Raises CatalogueError for a file that is not Python and for a `@serves` whose ids are not plain text.
    """
    return tuple(case for path in sorted(folder.rglob("test_*.py")) for case in _in_file(path, folder))


def cases_by_purpose(cases: tuple[FoundCase, ...]) -> dict[str, tuple[FoundCase, ...]]:
    """Purpose's id to the cases that serve it: one, where all is well."""
    found: dict[str, list[FoundCase]] = {}
    for case in cases:
        for id in case.purposes:
            found.setdefault(id, []).append(case)
    return {id: tuple(each) for id, each in found.items()}


def _in_file(path: Path, folder: Path) -> Iterator[FoundCase]:
    shown = path.relative_to(folder).as_posix()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=shown)
    except (SyntaxError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 1
        raise CatalogueError([Problem(shown, line, "", f"is not Python: {error}", "correct the file")]) from error
    named = _module_values(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield from _variants(node, named, shown)


def _variants(
    node: ast.FunctionDef | ast.AsyncFunctionDef, named: Mapping[str, ast.expr], shown: str
) -> Iterator[FoundCase]:
    """The case itself, and each of its parameters that serves purposes of its own."""
    own: list[str] = []
    variants: dict[str, list[str]] = {}
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call):
            continue
        if _name(decorator) == "serves":
            own += _ids(decorator, shown)
        elif _name(decorator) == "parametrize":
            for argument in decorator.args:
                value = named.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                for variant, call in _marks(value):
                    variants.setdefault(variant, []).extend(_ids(call, shown))
    if own or not variants:
        yield FoundCase(f"{shown}::{node.name}", shown, node.lineno, tuple(dict.fromkeys(own)))
    for variant, ids in variants.items():
        yield FoundCase(f"{shown}::{node.name}{variant}", shown, node.lineno, tuple(dict.fromkeys(ids)))


def _marks(parameters: ast.expr) -> Iterator[tuple[str, ast.Call]]:
    """Each `serves(...)` inside `pytest.param(...)`, with the parameter's own id."""
    for param in ast.walk(parameters):
        if isinstance(param, ast.Call) and _name(param) == "param":
            given = [k.value for k in param.keywords if k.arg == "id"]
            variant = f"[{given[0].value!s}]" if given and isinstance(given[0], ast.Constant) else ""
            for keyword in param.keywords:
                if keyword.arg == "marks":
                    calls = (each for each in ast.walk(keyword.value) if isinstance(each, ast.Call))
                    yield from ((variant, call) for call in calls if _name(call) == "serves")


def _module_values(tree: ast.Module) -> dict[str, ast.expr]:
    """What the file's own constants were set to: parameter lists often stand under a name."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _ids(call: ast.Call, shown: str) -> Iterator[str]:
    for argument in call.args:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            wrong = "@serves holds something that is not plain text"
            raise CatalogueError([Problem(shown, argument.lineno, "", wrong, 'write @serves("OCPP-K01.P002")')])
        yield argument.value
