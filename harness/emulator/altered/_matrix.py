"""Campaigns against many altered chargers, several at a time, each held against the plain charger's campaign."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from harness.emulator.altered._campaigns import CampaignFailed, Seen, latest, run
from harness.emulator.altered._shelf import Alteration, Shelf

SMOKE = ("GEN-02.2", "SC-05.4", "SC-06.6", "SC-09.6")  # cheap criteria of other requirements: bystanders show there
T = TypeVar("T", bound=Alteration)


@dataclass(frozen=True)
class Outcome:
    """Whether an altered charger was judged as it should be: one line, and what to look at when not."""

    ok: bool
    line: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of alteration: its `word` ("defect"), also its option of `run`, and how its campaigns are judged.

    `selection(each, narrow)` is what its own campaign runs; `check(each, plain, seen)` compares; `listed` is what
    `--list` says of it. `about` says what the whole is good for.
    """

    word: str
    about: str
    shelf: Shelf[T]
    selection: Callable[[T, bool], tuple[str, ...]]
    check: Callable[[T, Seen, Seen], Outcome]
    listed: Callable[[T], str]


def main_of(kind: Kind[T], argv: Sequence[str] | None = None) -> int:
    """0 when every one was judged as it should be, 1 when not, 2 for wrong usage, 3 when a campaign broke."""
    given = _arguments(kind, argv)
    if given.list:
        for name in kind.shelf.names():
            print(f"{name:34} {kind.listed(kind.shelf.get(name))}")
        return 0
    try:
        chosen = [kind.shelf.get(name) for name in (given.names or kind.shelf.names())]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix=f"{kind.word}s-") as scratch:
        out = given.out or Path(scratch)
        selections = {each.name: () if given.whole else kind.selection(each, given.narrow) for each in chosen}
        try:
            plain = latest(given.plain) if given.plain else _plain(out / "plain", selections, whole=given.whole)
        except CampaignFailed as error:
            print(f"the plain charger's campaign {error}", file=sys.stderr)
            return 3
        return _matrix(kind, chosen, plain, selections, out, given.jobs)


def _arguments(kind: Kind[T], argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m harness.emulator.{kind.word}s", description=kind.about)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"{kind.word}s to try")
    add("--all", action="store_true", help=f"every {kind.word} there is")
    add("--list", action="store_true", help=f"say which {kind.word}s there are, and run nothing")
    add("--jobs", type=int, default=1, metavar="N", help="campaigns at a time, each in a network of its own")
    add("--narrow", action="store_true", help=f"only the criteria that a {kind.word} names, and the smoke set: quicker")
    add("--whole", action="store_true", help=f"the whole tender against each {kind.word}: finds everything, slowly")
    add("--out", type=Path, metavar="DIR", help="keep the campaigns' evidence here (default: thrown away)")
    add(
        "--plain",
        type=Path,
        metavar="DIR",
        help="compare with this folder's newest campaign, not a new one",
    )
    given = parser.parse_args(argv)
    if not (given.names or given.all or given.list):
        parser.error(f"name one or more {kind.word}s, or say --all; --list shows them")
    return given


def _plain(out: Path, selections: dict[str, tuple[str, ...]], *, whole: bool) -> Seen:
    union = () if whole else tuple(dict.fromkeys(part for each in selections.values() for part in each))
    print(f"the plain charger, for comparison: {', '.join(union) or 'the whole tender'}", flush=True)
    plain = run(out, union)
    print(f"  {plain.took_s:.0f} s", flush=True)
    return plain


def _matrix(
    kind: Kind[T], chosen: Sequence[T], plain: Seen, selections: dict[str, tuple[str, ...]], out: Path, jobs: int
) -> int:
    worst = 0

    def one(each: T) -> Seen | CampaignFailed:
        try:
            return run(out / each.name, selections[each.name], (f"--{kind.word}", each.name))
        except CampaignFailed as error:
            return error

    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for each, seen in zip(chosen, pool.map(one, chosen), strict=True):
            if isinstance(seen, CampaignFailed):
                print(f"BROKEN {each.name}: {seen}", flush=True)
                worst = 3
                continue
            outcome = kind.check(each, plain, seen)
            print(outcome.line, flush=True)
            for detail in outcome.details:
                print(f"       {detail}", flush=True)
            if not outcome.ok:
                print(f"       evidence: {seen.folder}", flush=True)
            worst = max(worst, 0 if outcome.ok else 1)
    return worst
