"""YAML into structs, with the line of whatever does not fit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from plain_files import text_of

Wanted = TypeVar("Wanted")
_MOST = 200_000  # octets of a car's description


class VehicleError(ValueError):
    """A vehicle file is not one; the text gives file, line, what is wrong and what would be right."""


def load(path: Path, wanted: type[Wanted]) -> Wanted:
    """Read `path` as a `wanted` struct. Raises VehicleError."""
    try:
        text = text_of(path, most=_MOST)
    except OSError as error:
        raise VehicleError(f"{path}: cannot be read: {error}") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise VehicleError(f"{path}:{line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise VehicleError(f"{path}:1: not YAML: {error}") from error
    try:
        return msgspec.convert(data, wanted)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        keys = _keys(where.rstrip("`"))
        extra = re.match(r"Object contains unknown field `(.+?)`", what)
        line = _line(root, [*keys, extra.group(1)] if extra else keys)
        place = ".".join(str(key) for key in keys) or "the file"
        known = f"; known are: {', '.join(_fields(wanted, keys))}" if extra else ""
        if what.startswith("Expected `str`"):
            known = '; text that looks like a number stands in quotes, such as "020000000001"'
        raise VehicleError(f"{path}:{line}: {place}: {what}{known}") from error


def fault(path: Path, keys: list[str | int], text: str) -> VehicleError:
    """An error about what stands at `keys` in a file that was read already."""
    root = yaml.compose(text_of(path, most=_MOST), Loader=yaml.SafeLoader)
    return VehicleError(f"{path}:{_line(root, keys)}: {text}")


def _fields(wanted: type, keys: list[str | int]) -> list[str]:
    """Names that may stand at `keys`."""
    found: Any = msgspec.inspect.type_info(wanted)
    for key in keys:
        inner = next(field.type for field in found.fields if field.name == key)
        found = inner
        if isinstance(inner, msgspec.inspect.UnionType):
            found = next(kind for kind in inner.types if isinstance(kind, msgspec.inspect.StructType))
    return [field.name for field in found.fields]


def _keys(path: str) -> list[str | int]:
    """`.battery.soc_pct`, `.protocols[1]` as keys."""
    return [int(index) if index else name for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path)]


def _line(node: Any, keys: list[str | int]) -> int:
    """The line of the deepest key that exists, from 1."""
    line = node.start_mark.line + 1 if node is not None else 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(name, value) for name, value in node.value if name.value == key]
            if not found:
                break
            name, node = found[0]
            line = name.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return int(line)
