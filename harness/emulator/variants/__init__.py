"""Unusual yet correct chargers: what the specification permits and the plain emulated station does not do.

One file is one variant, named like its file: `slow_answers.py` holds "slow-answers". The suite must not blame any of
them: a criterion that fails one, or cannot decide, is wrong itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from harness.emulator._ports import Ratings
from harness.emulator.altered import Shelf
from harness.emulator.variants._model import Variant

__all__ = ["SHELF", "Variant", "apply", "declared", "known_variants", "ratings", "variant"]

SHELF: Shelf[Variant] = Shelf(__name__, __path__, "VARIANT", "variant")
known_variants = SHELF.names
variant = SHELF.get
apply = SHELF.apply


def ratings(names: Iterable[str]) -> Ratings:
    """The nameplate of a charger with these variants."""
    found = Ratings()
    for name in names:
        found = dataclasses.replace(found, **variant(name).ratings)
    return found


def declared(profile: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A profile, as plain values, the way the supplier of a charger with these variants writes it."""
    found = dict(profile)
    for name in names:
        found = _laid_over(found, variant(name).declares)
    return found


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(below)
    for key, value in above.items():
        inner = out.get(key)
        out[key] = _laid_over(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return out
