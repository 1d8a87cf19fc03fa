"""The digest of judges: of their functions' syntax trees and of all helpers these use, wherever the files stand."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable

from harness.proofs._canon import canonical, names_used
from harness.proofs._source import Place, defined, module_names, resolve, tree_of

JUDGES = ("harness.judge", "harness.documents")  # the rooms in which judges stand
FOLLOWED = (*JUDGES, "harness.ocppj", "ev_emulator.exi")  # helpers in here belong to a judge; others are its language


def known_judges() -> frozenset[str]:
    """The names of all judges, read from the source; nothing is imported."""
    return frozenset(_judges())


def proof_digest(judges: Iterable[str], revision: int = 1) -> str:
    """16 hex digits of what a proof is worth as long as it stays the same: the judges, and the purpose's revision.

    Moving a file, comments, docstrings and type annotations of functions change nothing. Raises KeyError for a judge
    that nobody knows.
    """
    return hashlib.sha256(f"{revision} {judges_digest(judges)}".encode()).hexdigest()[:16]


def judges_digest(judges: Iterable[str]) -> str:
    """SHA-256 (hex) of the judges of these names with all their helpers. Raises KeyError."""
    return _of(tuple(sorted(set(judges))))


@functools.cache
def _of(judges: tuple[str, ...]) -> str:
    reached: set[Place] = set()
    for name in judges:
        reached |= _reached(name)
    parts = sorted(canonical(node) for place in reached for node in defined(place))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@functools.cache
def _reached(judge: str) -> frozenset[Place]:
    """Everything that a judge uses, itself included: functions, classes and constants of the followed rooms."""
    known = _judges()
    if judge not in known:
        raise KeyError(f"no judge is called {judge!r}; there are: {', '.join(sorted(known))}")
    ahead, reached = [known[judge]], set[Place]()
    while ahead:
        place = ahead.pop()
        if place not in reached and (nodes := defined(place)):
            reached.add(place)
            for used in (name for node in nodes for name in names_used(node)):
                ahead.extend(resolve(place.module, used, FOLLOWED))
    return frozenset(reached)


@functools.cache
def _judges() -> dict[str, Place]:
    """Judge's name to the function that carries `@judge("name")`."""
    found: dict[str, Place] = {}
    for room in JUDGES:
        for module in module_names(room):
            for function, name in tree_of(module).judges.items():
                found[name] = Place(module, function)
    return found
