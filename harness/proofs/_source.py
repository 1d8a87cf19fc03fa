"""Modules as their source says they are: what each defines, and where an imported name comes from. Nothing is run."""

from __future__ import annotations

import ast
import functools
import importlib.util
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A name on a module's top level."""

    module: str
    name: str


@dataclass(frozen=True)
class Source:
    """One module: its definitions by name, its imports by local name, its judges and its rules' ids by function."""

    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imported: dict[str, Place] = field(default_factory=dict)  # an empty name: the module itself
    judges: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)


@functools.cache
def tree_of(module: str) -> Source:
    """A module's definitions and imports; empty for one that has no source."""
    source = Source()
    path, is_package = _file_of(module)
    if path is not None:
        for statement in _top_level(ast.parse(path.read_text(encoding="utf-8")).body):
            _note(statement, module, is_package, source)
    return source


@functools.cache
def module_names(package: str) -> tuple[str, ...]:
    """The package and every module in it, by dotted name; () when there is no such package."""
    path, is_package = _file_of(package)
    if path is None:
        return ()
    inside = [
        name
        for each in (pkgutil.iter_modules([str(path.parent)]) if is_package else ())
        for name in module_names(f"{package}.{each.name}")
    ]
    return (package, *inside)


def defined(place: Place) -> list[ast.stmt]:
    """The statements that define or fill a name; [] when its module does not define it itself."""
    return tree_of(place.module).defined.get(place.name, [])


def resolve(module: str, used: tuple[str, ...], followed: tuple[str, ...]) -> Iterator[Place]:
    """Where a used name is defined, as far as that is in the followed rooms; through re-exports and module aliases."""
    place = _origin(Place(module, used[0]))
    if place is None or not _within(place.module, followed):
        return
    if place.name:
        yield place
    elif len(used) > 1:
        if (inside := _origin(Place(place.module, used[1]))) is not None and _within(inside.module, followed):
            yield from [inside] if inside.name else []
    else:  # the module is handed on whole: all of it counts
        yield from (Place(place.module, name) for name in tree_of(place.module).defined)


def _origin(place: Place, depth: int = 0) -> Place | None:
    source = tree_of(place.module)
    if place.name in source.defined:
        return place
    if place.name in source.imported and depth < 20:
        origin = source.imported[place.name]
        return origin if not origin.name else _origin(origin, depth + 1)
    whole = f"{place.module}.{place.name}"
    return Place(whole, "") if _file_of(whole)[0] is not None else None


def _within(module: str, followed: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in followed)


@functools.cache
def _file_of(module: str) -> tuple[Path | None, bool]:
    """A module's source file, and whether it is a package; found below the root packages' folders, importing none."""
    root, *parts = module.split(".")
    spec = importlib.util.find_spec(root)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        path = Path(folder).joinpath(*parts)
        if (path / "__init__.py").is_file():
            return path / "__init__.py", True
        if parts and path.with_suffix(".py").is_file():
            return path.with_suffix(".py"), False
    return None, False


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module, those under `if` and `try` too."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _top_level([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from _top_level([*statement.body, *statement.orelse, *statement.finalbody])
        else:
            yield statement


def _note(statement: ast.stmt, module: str, is_package: bool, source: Source) -> None:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        source.defined.setdefault(statement.name, []).append(statement)
        if not isinstance(statement, ast.ClassDef):
            if name := _marked(statement, "judge"):
                source.judges[statement.name] = name
            if name := _marked(statement, "rule"):
                source.rules[statement.name] = name
    elif isinstance(statement, ast.Import):
        for alias in statement.names:
            local = alias.asname or alias.name.split(".")[0]
            source.imported[local] = Place(alias.name if alias.asname else local, "")
    elif isinstance(statement, ast.ImportFrom):
        base = _absolute(statement, module, is_package)
        for alias in statement.names:
            source.imported[alias.asname or alias.name] = Place(base, alias.name)
    else:
        for name in _filled(statement):
            source.defined.setdefault(name, []).append(statement)


def _filled(statement: ast.stmt) -> set[str]:
    """The names that a statement sets, or fills (`TABLE["x"] = 1`, `TABLE.update(more)`)."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        targets = [statement.value.func]
    return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def _absolute(statement: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - statement.level + (1 if is_package else 0)]
    return ".".join([*base, *([statement.module] if statement.module else [])])


def _marked(function: ast.FunctionDef | ast.AsyncFunctionDef, decorator_name: str) -> str | None:
    """The name that `@judge("name")`, or another decorator, gives a function."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and decorator.args:
            called, first = decorator.func, decorator.args[0]
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == decorator_name and isinstance(first, ast.Constant) and isinstance(first.value, str):
                return first.value
    return None
