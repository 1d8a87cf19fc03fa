"""Defective chargers: named ways in which the emulated station can be broken, each with the criterion that must notice.

One file is one defect, named like its file without the requirement's prefix: `sc04_ignores_zero.py` holds
"ignores-zero". A new criterion arrives with the defect that proves it.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect

if TYPE_CHECKING:
    from harness.emulator._station import Station

__all__ = ["Defect", "apply", "defect", "known_defects"]


@cache
def _all() -> dict[str, Defect]:
    found: dict[str, Defect] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if not module.name.startswith("_"):
            each: Defect = importlib.import_module(f"{__name__}.{module.name}").DEFECT
            if found.setdefault(each.name, each) is not each:
                raise ValueError(f"two defects are called {each.name!r}; the second is in {module.name}.py")
    return found


def known_defects() -> tuple[str, ...]:
    """Every defect's name, in the order of the requirements."""
    return tuple(_all())


def defect(name: str) -> Defect:
    """The defect of this name. Raises ValueError with the nearest names there are."""
    found = _all().get(name)
    if found is None:
        near = difflib.get_close_matches(name, known_defects(), n=3, cutoff=0.4) or list(known_defects())
        raise ValueError(f"no defect is called {name!r}; the nearest are {', '.join(near)}")
    return found


def apply(station: Station, names: Iterable[str]) -> None:
    """Break an assembled station that does not run yet. Raises ValueError for an unknown or inapplicable defect."""
    for each in [defect(name) for name in names]:
        each.apply(station)
