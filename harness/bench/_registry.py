"""Which drivers there are: each stands in a file of `drivers/` under `@driver` and is found there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

Made = TypeVar("Made", bound=type)
PERSON = "person"
_drivers: dict[tuple[str, str], Any] = {}


def driver(role: str, name: str = PERSON) -> Callable[[Made], Made]:
    """Register a class as the driver `name` of a role ("meter"); "person" asks somebody with eyes and hands.

    A serial driver is made with (settings, recorder, evse), a person with (settings, recorder, operator, evse).
    """

    def register(made: Made) -> Made:
        before = _drivers.setdefault((role, name), made)
        if before.__qualname__ != made.__qualname__:
            raise ValueError(f"two drivers of the role {role!r} are called {name!r}")
        return made

    return register


@cache
def known_drivers() -> Mapping[tuple[str, str], Any]:
    """Every driver by role and name."""
    shelf = importlib.import_module("harness.bench.drivers")
    for module in pkgutil.iter_modules(shelf.__path__, f"{shelf.__name__}."):
        importlib.import_module(module.name)
    return dict(_drivers)
