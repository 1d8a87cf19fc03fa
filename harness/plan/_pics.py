"""PICS expressions ("smart_charging and not current_limits"): yes, no or undeclared."""

from __future__ import annotations

import ast
from collections.abc import Callable

YES, NO, UNDECLARED = "yes", "no", "undeclared"


def evaluate(expression: str, declared: Callable[[str], str]) -> str:
    """Three-valued logic: what hangs on something undeclared is undeclared. Raises ValueError for what is none."""
    return _of(ast.parse(expression.strip(), mode="eval").body, declared)


def _of(node: ast.expr, declared: Callable[[str], str]) -> str:
    if isinstance(node, ast.Name):
        return YES if node.id == "always" else declared(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return {YES: NO, NO: YES}.get(_of(node.operand, declared), UNDECLARED)
    if isinstance(node, ast.BoolOp):
        values = [_of(each, declared) for each in node.values]
        decisive = NO if isinstance(node.op, ast.And) else YES
        if decisive in values:
            return decisive
        return UNDECLARED if UNDECLARED in values else values[0]
    raise ValueError(f"{ast.unparse(node)} is no expression over features")
