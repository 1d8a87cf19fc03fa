"""Reads YAML so that every value still knows its line, and says what is wrong with it and what would be right."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from plain_files import NotPlain, octets_of

MOST_BYTES = 2_000_000
_MOST_NODES = 200_000  # a few aliases can unfold into millions of values; stop long before memory does
_DEEPEST = 40
_SHOWN = 600  # characters of one part of a fault's text
_TWO_MINDS = re.compile(r"[\t!?]|^%|[|>]\S*#", re.MULTILINE)
_FAST: Any = getattr(yaml, "CSafeLoader", None)  # not in every build of PyYAML


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where, what, and what would be right."""

    file: str
    line: int
    path: str
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        remedy = f"; {_short(self.right)}" if self.right else ""
        return f"{self.file}:{self.line}: {_short(self.path) or '(the whole file)'}: {_short(self.wrong)}{remedy}"


def _short(text: str) -> str:
    """What a fault repeats of a file, which may hold anything."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class CatalogueError(ValueError):
    """A file of the catalogue, a tender or a document record is wrong. The text has one line a problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Located:
    """A YAML file's plain data, and the line (1-based) on which each path stands ("requirements[0].id")."""

    file: str
    data: Any
    lines: dict[str, int] = field(repr=False)

    def problem(self, path: str, wrong: str, right: str = "") -> Problem:
        """A problem at `path`, on its line or on that of the nearest value around it."""
        return Problem(self.file, self._line_of(path), path, wrong, right)

    def error(self, path: str, wrong: str, right: str = "") -> CatalogueError:
        """The same as an error that can be raised."""
        return CatalogueError([self.problem(path, wrong, right)])

    def _line_of(self, path: str) -> int:
        while path and path not in self.lines:
            cut = max(path.rfind("."), path.rfind("["))
            path = path[:cut] if cut > 0 else ""
        return self.lines.get(path, 1)


def read_yaml(path: Path, shown_as: str | None = None) -> Located:
    """Read one YAML file as plain data: dates stay text, keys are text, a key given twice is an error.

    `shown_as` is the name that error texts use. Raises CatalogueError with file and line.
    """
    name = shown_as or str(path)
    try:
        raw = octets_of(path, most=MOST_BYTES)
    except NotPlain as error:
        raise _at(name, 1, str(error.strerror), "give an ordinary file of YAML") from error
    except OSError as error:
        raise _at(name, 1, f"cannot be read ({error.strerror})", "check that the path is right") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _at(name, line, "is not UTF-8 text", "save it as UTF-8") from error
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Located:
    """Read YAML text. Raises CatalogueError with `name` and line."""
    with contextlib.suppress(yaml.YAMLError):  # Python's own loader will find it too, and has the better words
        if _FAST is not None and _is_shallow(text, _FAST):
            return _parsed(_FAST(text), name)
    try:
        return _parsed(yaml.SafeLoader(text), name)
    except RecursionError as error:
        raise _at(name, 1, "is nested too deep", "check for brackets that are never closed") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _at(
            name, line, f"is not YAML: {error.problem or error}", "check indentation, colons and quotes"
        ) from error
    except yaml.YAMLError as error:
        raise _at(name, 1, f"is not YAML: {error}", "check for control characters") from error


def _parsed(loader: Any, name: str) -> Located:
    try:
        node = loader.get_single_node()
        if node is None:
            raise _at(name, 1, "is empty", "write at least one key")
        builder = _Builder(name, loader)
        return Located(name, builder.build(node, "", 0), builder.lines)
    finally:
        loader.dispose()


def _is_shallow(text: str, fast: Any) -> bool:
    """Whether nothing is nested deep: the loader in C goes down by recursion, and crashes on what is.

    Nor may there be what the two loaders take differently: tabs, tags, `?`, directives, `|#`.
    """
    if _TWO_MINDS.search(text):
        return False
    depth = 0
    for event in yaml.parse(text, Loader=fast):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return False
    return True


def _at(name: str, line: int, wrong: str, right: str) -> CatalogueError:
    return CatalogueError([Problem(name, line, "", wrong, right)])


class _Builder:
    """Turns composed nodes into plain data and notes each one's line."""

    def __init__(self, name: str, loader: yaml.SafeLoader) -> None:
        self.lines: dict[str, int] = {}
        self._name = name
        self._loader = loader
        self._nodes = 0
        self._open: set[int] = set()  # the nodes we are inside of: meeting one again is a circle

    def build(self, node: yaml.Node, path: str, depth: int) -> Any:
        self._nodes += 1
        self.lines[path] = node.start_mark.line + 1
        if self._nodes > _MOST_NODES or depth > _DEEPEST:
            raise self._wrong(node, path, "is nested too deep or too large", "repeat less with * references")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._open:
            raise self._wrong(node, path, "refers to itself", "write the values out")
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path, depth)
            return [self.build(each, f"{path}[{i}]", depth + 1) for i, each in enumerate(node.value)]
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._wrong(key_node, path, "has a key that is not a word", "write `name: value`")
            key = str(key_node.value)
            below = f"{path}.{key}" if path else key
            if key in built:
                first = self.lines[below]
                raise self._wrong(key_node, below, f"is given twice (first on line {first})", "keep one of them")
            built[key] = self.build(value_node, below, depth + 1)
            self.lines[below] = key_node.start_mark.line + 1
        return built

    def _scalar(self, node: yaml.Node, path: str) -> Any:
        kind = node.tag.rsplit(":", 1)[-1]
        if kind in ("str", "timestamp"):
            return str(node.value)
        if node.tag.startswith("tag:yaml.org,2002:") and kind in ("int", "float", "bool", "null"):
            try:
                return self._loader.construct_object(node)
            except (ValueError, OverflowError) as error:
                raise self._wrong(
                    node, path, f"{node.value!r} is not a value of kind {kind}", "put it in quotes"
                ) from error
        raise self._wrong(node, path, f"has the tag {node.tag!r}", "write a plain word, number or quoted text")

    def _wrong(self, node: yaml.Node, path: str, wrong: str, right: str) -> CatalogueError:
        return CatalogueError([Problem(self._name, node.start_mark.line + 1, path, wrong, right)])
