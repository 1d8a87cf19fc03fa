"""PICS expressions ("smart_charging and not power_limits"), in three values: yes, no, undeclared."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from requirement_catalog.reading._check import nearest

Answer = Literal["yes", "no", "undeclared"]
ALWAYS = "always"
_WORDS = ("and", "or", "not")
_TOKEN = re.compile(r"\s*(?:([A-Za-z_][A-Za-z0-9_]*)|([()])|(\S))")
_DEEPEST = 40
_OPPOSITE: dict[Answer, Answer] = {"yes": "no", "no": "yes", "undeclared": "undeclared"}


class ExpressionError(ValueError):
    """An expression that cannot be read: the column (1-based), what is wrong and what would be right."""

    def __init__(self, column: int, wrong: str, right: str) -> None:
        self.column, self.wrong, self.right = column, wrong, right
        super().__init__(f"column {column}: {wrong}; {right}")


class Applies(NamedTuple):
    """Whether an expression holds for a product, and the features whose declaration decided it, in reading order."""

    answer: Answer
    decided_by: tuple[str, ...]


@dataclass(frozen=True)
class Name:
    """A feature's name, and the column where it stands."""

    name: str
    column: int


@dataclass(frozen=True)
class Not:
    """The opposite of what is inside; undeclared stays undeclared."""

    inside: Node


@dataclass(frozen=True)
class Several:
    """Operands of one `and` or one `or`."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]


Node = Name | Not | Several


def parse(expression: str, known: Collection[str] | None = None) -> Node | None:
    """The expression as a tree; None for "always". Names outside `known` are refused. Raises ExpressionError."""
    if expression.strip() == ALWAYS:
        return None
    tree = _Reader(expression).whole()
    for name in _names(tree):
        if known is not None and name.name not in known:
            wrong = f"{name.name!r} is not in features.yaml"
            raise ExpressionError(name.column, wrong, nearest(name.name, known))
    return tree


def names_in(expression: str) -> tuple[str, ...]:
    """The features that an expression names, each once, in reading order. Raises ExpressionError."""
    tree = parse(expression)
    return tuple(dict.fromkeys(name.name for name in _names(tree))) if tree is not None else ()


def evaluate(expression: str, declared: Mapping[str, str]) -> Applies:
    """Hold an expression against a product's declarations ("yes", "no"; whatever else, or nothing: undeclared).

    `and` is "no" as soon as one part is; `or` is "yes" as soon as one part is. Raises ExpressionError.
    """
    tree = parse(expression)
    if tree is None:
        return Applies("yes", ())
    answer, decided = _value(tree, declared)
    return Applies(answer, tuple(dict.fromkeys(decided)))


def _value(node: Node, declared: Mapping[str, str]) -> tuple[Answer, list[str]]:
    if isinstance(node, Name):
        said = declared.get(node.name)
        answer: Answer = "yes" if said == "yes" else "no" if said == "no" else "undeclared"
        return answer, [node.name]
    if isinstance(node, Not):
        inside, decided = _value(node.inside, declared)
        return _OPPOSITE[inside], decided
    strong: Answer = "no" if node.word == "and" else "yes"
    parts = [_value(part, declared) for part in node.parts]
    answers = {answer for answer, _ in parts}
    result = strong if strong in answers else "undeclared" if "undeclared" in answers else _OPPOSITE[strong]
    return result, [name for answer, names in parts if answer == result for name in names]


def _names(node: Node) -> Iterator[Name]:
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Not):
        yield from _names(node.inside)
    else:
        for part in node.parts:
            yield from _names(part)


class _Reader:
    """Recursive descent: or binds least, then and, then not."""

    def __init__(self, text: str) -> None:
        self._end = len(text) + 1
        self._tokens: list[tuple[str, int]] = []
        for found in _TOKEN.finditer(text):
            token = found[1] or found[2] or found[3]
            column = found.end() - len(token) + 1
            if found[3]:
                raise ExpressionError(
                    column, f"{token!r} means nothing here", "use names, `and`, `or`, `not`, brackets"
                )
            self._tokens.append((token, column))
        self._at = 0

    def whole(self) -> Node:
        tree = self._several("or", 0)
        if self._at < len(self._tokens):
            token, column = self._tokens[self._at]
            right = "take the bracket away" if token == ")" else "put `and` or `or` before it"
            raise ExpressionError(column, f"{token!r} stands where the expression is over", right)
        return tree

    def _next(self) -> tuple[str, int]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", self._end)

    def _several(self, word: Literal["and", "or"], depth: int) -> Node:
        parts = [self._below(word, depth)]
        while self._next()[0] == word:
            self._at += 1
            parts.append(self._below(word, depth))
        return parts[0] if len(parts) == 1 else Several(word, tuple(parts))

    def _below(self, word: Literal["and", "or"], depth: int) -> Node:
        return self._several("and", depth) if word == "or" else self._one(depth)

    def _one(self, depth: int) -> Node:
        token, column = self._next()
        if depth > _DEEPEST:
            raise ExpressionError(column, "is nested too deep", "write it with fewer brackets")
        if not token or token == ")" or token in ("and", "or"):
            found = f"{token!r} stands" if token else "the expression ends"
            raise ExpressionError(
                column, f"{found} where a feature's name is wanted", "name a feature of features.yaml"
            )
        self._at += 1
        if token == "not":
            return Not(self._one(depth + 1))
        if token == "(":
            inside = self._several("or", depth + 1)
            if self._next()[0] != ")":
                raise ExpressionError(column, "this bracket is never closed", "add `)`")
            self._at += 1
            return inside
        if token == ALWAYS:
            raise ExpressionError(column, "`always` stands in an expression", "write it alone, or leave it out")
        return Name(token, column)
