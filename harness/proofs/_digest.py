"""The digest of judges: of their functions' syntax trees and of all helpers these use, wherever the files stand."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable

from harness.proofs._canon import canonical, names_used
from harness.proofs._source import Place, defined, module_names, resolve, tree_of
from requirement_catalog import Rule

JUDGES = ("harness.judge", "harness.documents")  # the rooms in which judges stand
# helpers in here say what a trace means and belong to the judge; the rest of harness.trace only keeps and cuts events
FOLLOWED = (
    *JUDGES,
    "harness.ocppj",
    "harness.trace._message",
    "harness.trace._ocpp",
    "harness.trace._conversations",
    "harness.trace._samples",
    "ev_emulator.exi",
)

_ROOM = "harness.judge.rules"
# what tries rules and keeps what is known of a station: how any of it reads a message changes what each rule says
ENGINE = (
    Place(f"{_ROOM}._engine", "Watch"),
    Place(f"{_ROOM}._message", "Message"),
    Place(f"{_ROOM}._of_trace", "items_of"),
    Place(f"{_ROOM}._registry", "Dispatch"),
    Place(f"{_ROOM}._station", "Station"),
)

# the same for the sessions between car and charger
_V2G = f"{_ROOM}.v2g"
V2G_ENGINE = (
    Place(f"{_V2G}._watch", "V2gWatch"),
    Place(f"{_V2G}._message", "V2gMessage"),
    Place(f"{_V2G}._of_trace", "v2g_items_of"),
    Place(f"{_V2G}._session", "Session"),
)


def known_judges() -> frozenset[str]:
    """The names of all judges, read from the source; nothing is imported."""
    return frozenset(_judges())


def proof_digest(judges: Iterable[str], revision: int = 1) -> str:
    """16 hex digits of what a proof is worth as long as it stays the same: the judges, and the purpose's revision.

    Moving a file, comments, docstrings and type annotations of functions change nothing. Raises KeyError for a judge
    that nobody knows.
    """
    return hashlib.sha256(f"{revision} {judges_digest(judges)}".encode()).hexdigest()[:16]


def rule_digest(rule: Rule) -> str:
    """The same of a rule: its function, all that this uses, the engine, what of its row the engine heeds, its revision.

    Raises KeyError for a rule that nobody wrote.
    """
    function = _rules().get(rule.id)
    if function is None:
        raise KeyError(f"no rule is written for {rule.id!r}")
    heeded = [rule.revision, *rule.versions, "unless", *rule.unless, rule.state_from, *sorted(rule.numbers.items())]
    engine = V2G_ENGINE if function.module.startswith(f"{_V2G}.") else ENGINE
    return hashlib.sha256(f"{heeded} {_of((function, *engine))}".encode()).hexdigest()[:16]


def judges_digest(judges: Iterable[str]) -> str:
    """SHA-256 (hex) of the judges of these names with all their helpers. Raises KeyError."""
    known = _judges()
    names = sorted(set(judges))
    if missing := [name for name in names if name not in known]:
        raise KeyError(f"no judge is called {missing[0]!r}; there are: {', '.join(sorted(known))}")
    return _of(tuple(known[name] for name in names))


@functools.cache
def _of(functions: tuple[Place, ...]) -> str:
    parts = sorted(part for place in _reached(functions) for part in _parts(place))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _reached(functions: tuple[Place, ...]) -> set[Place]:
    """Everything that functions use, themselves included: functions, classes and constants of the followed rooms."""
    ahead, reached = list(functions), set[Place]()
    while ahead:
        place = ahead.pop()
        if place not in reached:
            reached.add(place)
            ahead.extend(_used_by(place))
    return reached


@functools.cache
def _used_by(place: Place) -> tuple[Place, ...]:
    used = {name for node in defined(place) for name in names_used(node)}
    found = {each for name in used for each in resolve(place.module, name, FOLLOWED)}
    return tuple(each for each in found if defined(each))


@functools.cache
def _parts(place: Place) -> tuple[str, ...]:
    return tuple(hashlib.sha256(canonical(node).encode()).hexdigest() for node in defined(place))


@functools.cache
def _judges() -> dict[str, Place]:
    """Judge's name to the function that carries `@judge("name")`."""
    found: dict[str, Place] = {}
    for room in JUDGES:
        for module in module_names(room):
            for function, name in tree_of(module).judges.items():
                found[name] = Place(module, function)
    return found


@functools.cache
def _rules() -> dict[str, Place]:
    """Rule's id to the function that carries `@rule("id", …)`."""
    return {
        id: Place(module, function) for module in module_names(_ROOM) for function, id in tree_of(module).rules.items()
    }
