"""The parts of a thorough run: each is done once, and what came of it is kept, so that a run that broke off goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """One part: its name, and what does it in a folder of its own; `do` returns what is wrong, or nothing."""

    name: str
    do: Callable[[Path], Sequence[str]]


@dataclass(frozen=True)
class Done:
    """A part that was done, now or in an earlier run, and what was wrong."""

    name: str
    wrong: tuple[str, ...]
    earlier: bool = False


def shard(parts: Sequence[Part], number: int, of: int) -> list[Part]:
    """Every `of`-th part from the `number`-th on; all shards together are all parts."""
    return list(parts[number - 1 :: of])


def go_through(parts: Sequence[Part], out: Path) -> Iterator[Done]:
    """Do what is not done yet, in order; what is done is told again. A part that raises is tried again next time."""
    for part in parts:
        note = out / "done" / f"{part.name.replace('/', '_')}.json"
        if note.is_file():
            yield Done(part.name, tuple(json.loads(note.read_text(encoding="utf-8"))), earlier=True)
            continue
        folder = out / part.name
        folder.mkdir(parents=True, exist_ok=True)
        try:
            wrong = tuple(part.do(folder))
        except Exception as error:  # the others are tried all the same, and this one anew in the next run
            yield Done(part.name, (f"it broke: {type(error).__name__}: {error}",))
            continue
        note.parent.mkdir(exist_ok=True)
        note.write_text(json.dumps(wrong), encoding="utf-8")
        yield Done(part.name, wrong)
