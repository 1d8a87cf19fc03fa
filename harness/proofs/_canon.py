"""A syntax tree as text that does not depend on layout, comments, docstrings, annotations or Python's version."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from requirement_catalog import own_count, own_ns, own_number

# what says nothing about behaviour, or differs between versions of Python
_LEFT_OUT = frozenset({"ctx", "type_comment", "type_params", "kind", "returns", "type_ignores"})
_NUMBERS: dict[str, Callable[[str], float]] = {each.__name__: each for each in (own_number, own_count, own_ns)}
_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def canonical(node: ast.AST) -> str:
    """One node and all below it as text."""
    if (number := _own_number(node)) is not None:
        node = number
    if isinstance(node, ast.Constant):
        return f"{type(node.value).__name__}:{node.value!r}"
    parts = [f"{name}={_value(value)}" for name, value in _fields(node)]
    return f"{type(node).__name__}({','.join(parts)})"


def _own_number(node: ast.AST) -> ast.Constant | None:
    """A number of our own method that is asked for by name, as that number: another one makes another judge."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMBERS:
        name = node.args[0] if node.args else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return ast.Constant(_NUMBERS[node.func.id](name.value))
    return None


def names_used(node: ast.AST) -> Iterator[tuple[str, ...]]:
    """Names that the node reads: ("found",), or ("_say", "found") for an attribute of one. Decorators do not count."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield (node.value.id, node.attr)
    elif isinstance(node, ast.Name):
        yield (node.id,)
    for name, value in _fields(node):
        if name == "decorator_list":
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and not (isinstance(node, ast.Attribute) and isinstance(each, ast.Name)):
                yield from names_used(each)


def _fields(node: ast.AST) -> Iterator[tuple[str, object]]:
    for name, value in ast.iter_fields(node):
        if name in _LEFT_OUT or value is None or value == []:
            continue
        if name == "annotation" and isinstance(node, ast.arg):
            continue
        if name == "body" and isinstance(node, _DOCUMENTED):
            value = _without_docstring(node.body)
        if name == "values" and isinstance(node, ast.JoinedStr):
            value = _joined(node.values)
        yield name, value


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """An f-string's parts with neighbouring pieces of plain text put together."""
    joined: list[ast.expr] = []
    for each in values:
        last = joined[-1] if joined else None
        if isinstance(each, ast.Constant) and isinstance(last, ast.Constant):
            joined[-1] = ast.Constant(str(last.value) + str(each.value))
        else:
            joined.append(each)
    return joined


def _value(value: object) -> str:
    if isinstance(value, ast.AST):
        return canonical(value)
    if isinstance(value, list):
        return f"[{','.join(_value(each) for each in value)}]"
    return repr(value)
