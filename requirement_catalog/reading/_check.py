"""Holds plain YAML data against a struct type and lists every difference in words a procurer can act on."""

from __future__ import annotations

import datetime
import difflib
import functools
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import inspect as shape

from requirement_catalog.reading._yaml import CatalogueError, Located, Problem, read_yaml

Record = TypeVar("Record", bound=msgspec.Struct)
_MOST_PROBLEMS = 20
_LONGEST_NAME, _LONGEST_TEXT = 200, 20_000  # characters
_NAMES = {
    shape.StrType: "text",
    shape.FloatType: "a number",
    shape.IntType: "a whole number",
    shape.BoolType: "true or false",
    shape.DateType: "a date such as 2026-11-22",
}


def read_record(path: Path, kind: type[Record], shown_as: str | None = None) -> tuple[Record, Located]:
    """Read a YAML file as `kind`. Raises CatalogueError naming file, line, path, what is wrong, what would be right."""
    located = read_yaml(path, shown_as)
    return as_record(located, kind), located


def as_record(located: Located, kind: type[Record]) -> Record:
    """Turn located data into `kind`; every problem is listed, not the first only. Raises CatalogueError."""
    problems = list(islice(_differences(located, located.data, _shape_of(kind), ""), _MOST_PROBLEMS))
    if problems:
        raise CatalogueError(problems)
    try:
        return msgspec.convert(located.data, kind)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at ")
        path = where.strip("`").removeprefix("$").removeprefix(".")
        raise located.error(re.sub(r"\[\.\.\.\]", "", path), text) from error


@functools.cache
def _shape_of(kind: type[msgspec.Struct]) -> shape.Type:
    return shape.type_info(kind)


def nearest(word: str, known: Iterable[str], *, show_all: int = 12) -> str:
    """What would be right in place of `word`: the nearest known name, or all of them when they are few."""
    names = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.55) if len(word) <= _LONGEST_NAME else []
    if close:
        return f"did you mean {close[0]!r}?"
    if len(names) <= show_all:
        return "known are: " + ", ".join(names)
    return f"none of the {len(names)} known names is like it"


def _differences(located: Located, value: Any, kind: shape.Type, path: str) -> Iterator[Problem]:
    if isinstance(kind, shape.UnionType):
        yield from _union(located, value, kind, path)
    elif isinstance(kind, shape.StructType):
        yield from _struct(located, value, kind, path)
    elif isinstance(kind, shape.ListType | shape.VarTupleType):
        if not isinstance(value, list):
            yield located.problem(path, f"is {_what(value)}", "write a list: [first, second]")
            return
        for i, each in enumerate(value):
            yield from _differences(located, each, kind.item_type, f"{path}[{i}]")
    elif isinstance(kind, shape.TupleType):
        if not isinstance(value, list) or len(value) != len(kind.item_types):
            what = f"has {len(value)} entries" if isinstance(value, list) else f"is {_what(value)}"
            yield located.problem(path, what, f"write {len(kind.item_types)} in brackets: [0.5, 60]")
            return
        for i, (each, wanted) in enumerate(zip(value, kind.item_types, strict=True)):
            yield from _differences(located, each, wanted, f"{path}[{i}]")
    elif isinstance(kind, shape.DictType):
        if not isinstance(value, dict):
            yield located.problem(path, f"is {_what(value)}", "write `name: value` lines below it")
            return
        for key, each in value.items():
            yield from _differences(located, each, kind.value_type, f"{path}.{key}" if path else key)
    elif isinstance(kind, shape.EnumType):
        allowed = [str(member.value) for member in kind.cls]
        if value not in allowed:
            yield located.problem(path, f"{value!r} is not allowed", "allowed are: " + ", ".join(allowed))
    else:
        yield from _scalar(located, value, kind, path)


def _union(located: Located, value: Any, kind: shape.UnionType, path: str) -> Iterator[Problem]:
    branches = [each for each in kind.types if not isinstance(each, shape.NoneType)]
    if value is None and len(branches) < len(kind.types):
        return
    tried = [list(islice(_differences(located, value, branch, path), _MOST_PROBLEMS)) for branch in branches]
    if all(tried):
        yield from tried[0]


def _struct(located: Located, value: Any, kind: shape.StructType, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield located.problem(path, f"is {_what(value)}", "write `name: value` lines below it")
        return
    fields = {each.encode_name: each for each in kind.fields}
    for key, each in value.items():
        below = f"{path}.{key}" if path else key
        if key not in fields:
            yield located.problem(below, f"{key!r} is not a known key here", nearest(key, fields, show_all=30))
        else:
            yield from _differences(located, each, fields[key].type, below)
    for name, each_field in fields.items():
        if each_field.required and name not in value:
            yield located.problem(path, f"{name!r} is missing", f"add `{name}:` with {_wanted(each_field.type)}")


def _scalar(located: Located, value: Any, kind: shape.Type, path: str) -> Iterator[Problem]:
    if isinstance(kind, shape.StrType):
        if not isinstance(value, str):
            quoted = (
                ""
                if value is None or isinstance(value, dict | list)
                else f': write "{_clipped(_as_written(value))}" in quotes'
            )
            yield located.problem(path, f"is {_what(value)}", f"text is wanted{quoted}")
        elif not value.strip():
            yield located.problem(path, "is empty", "write some text, or leave the key out")
        elif len(value) > _LONGEST_TEXT:
            yield located.problem(path, f"has {len(value):,} characters", f"write at most {_LONGEST_TEXT:,}")
    elif isinstance(kind, shape.FloatType | shape.IntType):
        whole = isinstance(kind, shape.IntType)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield located.problem(
                path, f"is {_what(value)}", f"{_NAMES[type(kind)]} is wanted, without quotes or a unit"
            )
        elif value != value or value in (float("inf"), float("-inf")):
            yield located.problem(path, "is not a finite number", "write an ordinary number")
    elif isinstance(kind, shape.BoolType):
        if not isinstance(value, bool):
            yield located.problem(path, f"is {_what(value)}", "write true or false")
    elif isinstance(kind, shape.DateType):
        try:
            datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            yield located.problem(path, f"{value!r} is not a date", "write it as year-month-day, 2026-11-22")


def _wanted(kind: shape.Type) -> str:
    if isinstance(kind, shape.EnumType):
        return "one of: " + ", ".join(str(member.value) for member in kind.cls)
    if isinstance(kind, shape.TupleType):
        return f"{len(kind.item_types)} values in brackets"
    if isinstance(kind, shape.ListType | shape.VarTupleType):
        return "a list"
    if isinstance(kind, shape.StructType):
        return "the keys " + ", ".join(each.encode_name for each in kind.fields if each.required)
    return _NAMES.get(type(kind), "a value")


def _what(value: Any) -> str:
    if value is None:
        return "left empty"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    return f"{'text' if isinstance(value, str) else 'the value'} {_clipped(_as_written(value))!r}"


def _as_written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"
