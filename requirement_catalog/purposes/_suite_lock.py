"""ids.lock: every id ever given, with its revision and what it meant. An id is for ever; a meaning has a revision."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from requirement_catalog.purposes._suite_model import Purpose, Rule
from requirement_catalog.reading._yaml import Problem

HEAD = "# Every id ever given: id, revision, digest of its meaning, and its successor once it is retired.\n"
_COMMAND = "run `chargeproof catalog lock --write` and commit ids.lock"
_LINE = re.compile(r"(\S+) (\d{1,6}) ([0-9a-f]{16})(?: -> (\S+))?")
_MEANING = (
    "statement", "answers_to", "applies", "versions", "services", "directions", "conformance", "role", "limits",
    "given", "then", "unless", "state_from",
)  # fmt: skip
Placed = Callable[..., Problem]


@dataclass(frozen=True)
class Given:
    """One line of ids.lock."""

    revision: int
    digest: str
    successor: str | None
    line: int


def meaning_digest(item: Purpose | Rule) -> str:
    """16 hex digits of what is asked and of whom; cost, depth, needs and the criteria it serves are no part of it."""
    content = {key: getattr(item, key) for key in _MEANING if hasattr(item, key)}
    if isinstance(item, Rule):
        del content["limits"]  # they may be tuned within their range; that voids the proof, and no waiver
    content["statement"] = " ".join(item.statement.split())
    for key in ("answers_to", "versions", "services", "directions"):
        if key in content:
            content[key] = sorted(content[key])
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()[:16]


def lock_text(items: Iterable[Purpose | Rule]) -> str:
    """ids.lock as it must be committed, sorted by id."""
    lines = sorted(
        f"{each.id} {each.revision} {meaning_digest(each)}" + (f" -> {each.successor}" if each.successor else "")
        for each in items
    )
    return HEAD + "".join(f"{line}\n" for line in lines)


def read_lock(path: Path) -> tuple[dict[str, Given], list[Problem]]:
    """The ids given so far, and what is wrong with the file; one that is missing has given none."""
    given: dict[str, Given] = {}
    problems: list[Problem] = []
    shown = f"{path.parent.name}/{path.name}"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if not found:
            right = f"take the file from the last commit, then {_COMMAND}"
            problems.append(Problem(shown, number, "", f"{line!r} is no line of ids.lock", right))
        elif found[1] in given:
            wrong = f"{found[1]} stands here a second time (first on line {given[found[1]].line})"
            problems.append(Problem(shown, number, "", wrong, "take the file from the last commit"))
        else:
            given[found[1]] = Given(int(found[2]), found[3], found[4], number)
    return given, problems


def broken_promises(path: Path, items: Iterable[Purpose | Rule], placed: Placed) -> Iterator[Problem]:
    """Where suites and ids.lock differ: an id vanished, reused, new, or of another meaning.

    `placed` makes a problem of an id, what is wrong and what would be right.
    """
    given, problems = read_lock(path)
    yield from problems
    now = {each.id: each for each in items}
    yield from _vanished(given, now, f"{path.parent.name}/{path.name}")
    for id, each in now.items():
        if id not in given:
            yield placed(id, f"{id!r} is not in ids.lock yet", _COMMAND, key="id")
        else:
            yield from _changed(each, given[id], placed)
            stale = (each.revision, each.successor) != (given[id].revision, given[id].successor)
            if each.revision >= given[id].revision and stale and not (given[id].successor and not each.successor):
                key = "revision" if each.revision != given[id].revision else "successor"
                yield placed(id, "is not what ids.lock says", _COMMAND, key=key)


def refused_changes(path: Path, items: Iterable[Purpose | Rule], placed: Placed) -> list[Problem]:
    """What may not even be written anew: vanished and reused ids, and meanings changed without a raised revision."""
    given, problems = read_lock(path)
    now = {each.id: each for each in items}
    problems += _vanished(given, now, f"{path.parent.name}/{path.name}")
    for id, each in now.items():
        if id in given:
            problems += _changed(each, given[id], placed)
    return problems


def _vanished(given: Mapping[str, Given], now: Mapping[str, Purpose | Rule], shown: str) -> Iterator[Problem]:
    for id, line in given.items():
        if id not in now:
            right = "an id is for ever: put it back, and retire it by naming its `successor:`"
            yield Problem(shown, line.line, "", f"{id} was given and is in no suite any more", right)


def _changed(item: Purpose | Rule, given: Given, placed: Placed) -> Iterator[Problem]:
    if given.successor and not item.successor:
        wrong = f"{item.id!r} was retired in favour of {given.successor} and is used again"
        yield placed(item.id, wrong, f"give a new id, and put `successor: {given.successor}` back here", key="id")
    elif item.revision < given.revision:
        wrong = f"is {item.revision}, and was {given.revision} already"
        yield placed(item.id, wrong, f"write revision: {given.revision} or more", key="revision")
    elif item.revision == given.revision and meaning_digest(item) != given.digest:
        wrong = f"means something else than revision {given.revision} did (statement, answers_to, applies, versions, …)"
        yield placed(item.id, wrong, f"write revision: {given.revision + 1}, or take the change back", key="revision")
