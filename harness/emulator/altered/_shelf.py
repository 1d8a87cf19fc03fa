"""A folder of alterations, one a file, found by their names."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from harness.emulator._station import Station


class Alteration(Protocol):
    """What a defect and a variant have in common."""

    @property
    def name(self) -> str:
        """What it is asked for by."""

    def apply(self, station: Station) -> None:
        """Alter an assembled station that does not run yet."""


T = TypeVar("T", bound=Alteration)


class Shelf(Generic[T]):
    """Every module of `package` whose name begins with no underscore holds one alteration under `attribute`."""

    def __init__(self, package: str, path: Iterable[str], attribute: str, kind: str) -> None:
        self._package, self._path = package, list(path)
        self._attribute, self._kind = attribute, kind

    @cached_property
    def _all(self) -> dict[str, T]:
        found: dict[str, T] = {}
        for module in sorted(pkgutil.iter_modules(self._path), key=lambda m: m.name):
            if not module.name.startswith("_"):
                each: T = getattr(importlib.import_module(f"{self._package}.{module.name}"), self._attribute)
                if found.setdefault(each.name, each) is not each:
                    raise ValueError(f"two {self._kind}s are called {each.name!r}; the second is in {module.name}.py")
        return found

    def names(self) -> tuple[str, ...]:
        """Every name, in the order of the files."""
        return tuple(self._all)

    def get(self, name: str) -> T:
        """The one of this name. Raises ValueError with the nearest names there are."""
        found = self._all.get(name)
        if found is None:
            near = difflib.get_close_matches(name, self.names(), n=3, cutoff=0.4) or list(self.names())
            raise ValueError(f"no {self._kind} is called {name!r}; the nearest are {', '.join(near)}")
        return found

    def apply(self, station: Station, names: Iterable[str]) -> None:
        """Alter a station by these. Raises ValueError for a name that is unknown or does not fit this station."""
        for each in [self.get(name) for name in names]:
            each.apply(station)
