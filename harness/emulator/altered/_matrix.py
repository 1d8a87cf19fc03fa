"""Campaigns against many altered chargers, several at a time, each held against the plain charger's campaign."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

from harness.emulator.altered._bench import Bench
from harness.emulator.altered._campaigns import CampaignFailed, Seen, latest, run
from harness.emulator.altered._shelf import Alteration, Shelf

SMOKE = ("GEN-02.2", "SC-05.4", "SC-06.6", "SC-09.6")  # cheap criteria of other requirements: bystanders show there
LONGEST_PLAIN_S = 14400.0  # it runs everything that any of them runs, beside them
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
    bench: Callable[[T], Bench] = lambda each: Bench()  # where its campaign runs
    proves: Callable[[T, Seen, Seen], tuple[str, ...]] = lambda each, plain, seen: ()  # purposes seen red and green


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
    part, of = given.shard
    chosen = chosen[part - 1 :: of]
    with tempfile.TemporaryDirectory(prefix=f"{kind.word}s-") as scratch:
        out = given.out or Path(scratch)
        selections = {each.name: () if given.whole else kind.selection(each, given.narrow) for each in chosen}
        with ThreadPoolExecutor(max_workers=max(1, given.jobs)) as pool:
            try:
                plains = _plains(kind, chosen, selections, out, given, pool)
                worst, proofs = _matrix(kind, chosen, plains, selections, out, pool)
            except CampaignFailed as error:
                pool.shutdown(cancel_futures=True)
                print(f"the plain charger's campaign {error}", file=sys.stderr)
                return 3
        return max(worst, _keep(proofs, out) if given.proofs else 0)


def _arguments(kind: Kind[T], argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m harness.emulator.{kind.word}s", description=kind.about)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"{kind.word}s to try")
    add("--all", action="store_true", help=f"every {kind.word} there is")
    add("--list", action="store_true", help=f"say which {kind.word}s there are, and run nothing")
    add("--shard", type=_shard, default=(1, 1), metavar="K/N", help="the K-th of N equal parts of them")
    add("--jobs", type=int, default=1, metavar="N", help="campaigns at a time, each in a network of its own")
    add("--narrow", action="store_true", help="without the smoke set: quicker")
    add("--whole", action="store_true", help=f"the whole tender against each {kind.word}: finds everything, slowly")
    add("--out", type=Path, metavar="DIR", help="keep the campaigns' evidence here (default: thrown away)")
    add("--proofs", action="store_true", help="keep in proofs.csv which purposes were seen red and green")
    add(
        "--plain",
        type=Path,
        metavar="DIR",
        help="compare with this folder's newest campaign, not a new one (of another bench: with the one in its folder)",
    )
    given = parser.parse_args(argv)
    if not (given.names or given.all or given.list):
        parser.error(f"name one or more {kind.word}s, or say --all; --list shows them")
    return given


def _shard(text: str) -> tuple[int, int]:
    """ "2/5" as (2, 5)."""
    part, _, of = text.partition("/")
    if not (part.isdigit() and of.isdigit() and 1 <= int(part) <= int(of)):
        raise argparse.ArgumentTypeError(f"{text!r} is no part such as 2/5")
    return int(part), int(of)


Plains = dict[Bench, Callable[[], Seen]]  # waits for it, raises CampaignFailed
Proof = tuple[str, str]  # a purpose, and what turned it red


def _plains(
    kind: Kind[T],
    chosen: Sequence[T],
    selections: dict[str, tuple[str, ...]],
    out: Path,
    given: argparse.Namespace,
    pool: ThreadPoolExecutor,
) -> Plains:
    """The plain charger's campaign at each bench that the chosen ones are tried at: the first in the queue."""
    plains: Plains = {}
    for bench in dict.fromkeys(kind.bench(each) for each in chosen):
        mine = [selections[each.name] for each in chosen if kind.bench(each) == bench]
        if given.plain and (kept := given.plain / bench.name).is_dir():
            plains[bench] = partial(latest, kept)
            continue
        union = () if given.whole else tuple(dict.fromkeys(part for each in mine for part in each))
        where = f" {bench}" if bench.name else ""
        print(f"the plain charger{where}, for comparison: {', '.join(union) or 'the whole tender'}", flush=True)
        folder = bench.plain_in(out)
        dut, tender = bench.profile(folder), bench.tender(folder)
        plains[bench] = pool.submit(run, folder, union, dut=dut, tender=tender, longest_s=LONGEST_PLAIN_S).result
    return plains


def _matrix(
    kind: Kind[T],
    chosen: Sequence[T],
    plains: Plains,
    selections: dict[str, tuple[str, ...]],
    out: Path,
    pool: ThreadPoolExecutor,
) -> tuple[int, list[Proof]]:
    worst, proofs, ended = 0, [], count(1)

    def one(each: T) -> Seen | CampaignFailed:
        bench, folder = kind.bench(each), out / each.name
        dut, tender = bench.profile(folder), bench.tender(folder)
        try:
            return run(folder, selections[each.name], (f"--{kind.word}", each.name), dut=dut, tender=tender)
        except CampaignFailed as error:
            return error
        finally:  # what is said of it comes in the order of their names, and may wait for the plain charger's
            print(f"ended {next(ended)} of {len(chosen)}: {each.name}", file=sys.stderr, flush=True)

    for each, seen in zip(chosen, pool.map(one, chosen), strict=True):
        if isinstance(seen, CampaignFailed):
            print(f"BROKEN {each.name}: {seen}", flush=True)
            worst = 3
            continue
        plain = plains[kind.bench(each)]()
        outcome = kind.check(each, plain, seen)
        print(outcome.line, flush=True)
        for detail in outcome.details:
            print(f"       {detail}", flush=True)
        if not outcome.ok:
            print(f"       evidence: {seen.folder}", flush=True)
        worst = max(worst, 0 if outcome.ok else 1)
        proofs += [(purpose, f"{kind.word} {each.name}") for purpose in kind.proves(each, plain, seen)]
    return worst, proofs


def _keep(proofs: Sequence[Proof], out: Path) -> int:
    """Hand what was seen red and green to the catalogue, which adds the judges' digests and keeps it."""
    seen = out / "proofs-seen.csv"
    rows = "".join(f"{purpose},{red},the plain emulated charger\n" for purpose, red in dict(reversed(proofs)).items())
    seen.write_text(f"id,red,green\n{rows}", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "harness.cli", "catalog", "prove", str(seen)], timeout=120)
    return done.returncode
