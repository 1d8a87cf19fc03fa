"""The rules of ISO 15118: small functions under one decorator, found by what sets them off."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

RuleFunction = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class V2gRule:
    """A rule's function and what sets it off."""

    id: str
    on: tuple[str, ...]
    function: RuleFunction


_rules: dict[str, V2gRule] = {}


def rule(identity: str, *on: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register a rule under the id that its row in a suite has, set off by `on`.

    "res:DC_ChargeLoop" and so on: the charger's answers by what they are about; "res:*": all that it sent.
    The function is given the session's state and the message. It returns None (not exercised), True (it held), a text
    (it was violated: what was seen), or a list of these.
    """

    def register(function: RuleFunction) -> RuleFunction:
        if identity in _rules and _rules[identity].function.__qualname__ != function.__qualname__:
            raise ValueError(f"two rules are called {identity}")
        _rules[identity] = V2gRule(identity, on, function)
        return function

    return register


@cache
def known_v2g_rules() -> Mapping[str, V2gRule]:
    """Every rule of ISO 15118, by id."""
    from harness.judge.rules.v2g import shelf

    for module in pkgutil.walk_packages(shelf.__path__, f"{shelf.__name__}."):
        importlib.import_module(module.name)
    return dict(sorted(_rules.items()))
