"""Which handler answers which action of the CSMS: each stands in its block under `@answers`, and registers itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Handler = TypeVar("_Handler", bound=Callable[..., Any])
_MARK = "answers_action"


def answers(action: str) -> Callable[[_Handler], _Handler]:
    """Mark a block's method as what answers this action."""

    def mark(handler: _Handler) -> _Handler:
        setattr(handler, _MARK, action)
        return handler

    return mark


def routes_of(blocks: Mapping[str, object]) -> dict[str, tuple[object, str]]:
    """The block and the method for each action. Raises ValueError when two would answer the same.

    By name, so that a method that was replaced later (a defect's) counts.
    """
    found: dict[str, tuple[object, str]] = {}
    for block in blocks.values():
        for name, method in vars(type(block)).items():
            if (action := getattr(method, _MARK, None)) is None:
                continue
            if action in found:
                raise ValueError(f"{action} is answered by {found[action][1]} and by {name}")
            found[action] = (block, name)
    return found
