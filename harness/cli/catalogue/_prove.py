"""chargeproof catalog prove: keeps what was seen red and green, with the digest of the judges that saw it."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from harness.cli._codes import Exit
from harness.cli._say import Door, refuse, tell
from harness.cli.catalogue._suites import load_checked
from harness.decision import decide
from harness.emulator.altered import Seen, said_by
from harness.emulator.defects.__main__ import KIND
from harness.evidence import load_judges
from harness.judge import evaluate
from harness.plan import Plan
from harness.proofs import digest_of
from harness.proofs.edits import proof_of, try_edits
from harness.trace import read_trace
from plain_files import is_plain, octets_of, text_of
from requirement_catalog import CatalogueError, Proof, Purpose, Rule, Suites, merge_proofs, nearest, proofs_path

_COLUMNS = ("id", "red", "green")
_MOST_TABLE, _MOST_PLAN = 10_000_000, 1 << 30  # octets
Row = tuple[str, str, str, str]  # where it stands, purpose, red, green


@click.command()
@click.argument("seen", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--edits", is_flag=True, help="Try each rule's edit on its recorded window, and keep what it proves.")
def prove(seen: Path | None, edits: bool) -> None:
    """Keep in proofs.csv which purposes and rules were SEEN red and green, and which rules their edits prove.

    SEEN is what `make defects` writes: a CSV file with the columns id, red (the defect that turned it red) and green
    (on what it was green), or the folder in which it kept its campaigns (--out). These are then judged again, by the
    judges as they are now.

    With --edits each rule whose row gives a `proof` is tried: green in the recorded window, and exactly what the row
    names red once the one change is made.

    Exit codes: 0 kept, 1 an edit does not prove its rule (the others are kept), 2 wrong usage.
    """
    if seen is None and not edits:
        refuse("nothing to keep: name what `make defects` wrote, or say --edits")
    suites, _ = load_checked()
    if seen is not None and not (seen.is_dir() or is_plain(seen)):
        refuse(f"{seen} is neither a folder nor an ordinary file")
    if seen is not None:
        rows = list(_seen_rows(seen, suites))
        _keep(rows)
        Door().line("{} purposes and rules were seen red and green; kept in {}", len(rows), proofs_path().name)
    if edits:
        _prove_rules(suites)


def _seen_rows(seen: Path, suites: Suites) -> Iterator[Proof]:
    """A rule that has an edit is proven by that, which can be tried again at any time."""
    known: dict[str, Purpose | Rule] = {p.id: p for p in suites.purposes} | {r.id: r for r in suites.rules}
    for place, id, red, green in _judged_again(seen) if seen.is_dir() else _told(seen):
        if id not in known:
            refuse(f"{place}: no purpose or rule is called {id!r}; {nearest(id, known)}")
        item = known[id]
        if not isinstance(item, Rule) or item.proof is None:
            yield Proof(id, red, green, digest_of(item))


def _prove_rules(suites: Suites) -> None:
    tried = list(try_edits(suites.rules))
    proven = [each.rule for each in tried if not each.wrong]
    _keep([proof_of(rule) for rule in proven])
    for each in tried:
        if each.wrong:
            tell("{}", f"{suites.place(each.rule.id)}: the edit of {each.rule.id} proves nothing: {each.wrong}")
    left = len(suites.rules) - len(tried)
    more = f"; {left} have no edit" if left else ""
    Door().line("{}", f"{len(proven)} rules were seen red and green by their edits; kept in {proofs_path().name}{more}")
    if len(proven) < len(tried):
        sys.exit(Exit.HOLD)


def _keep(rows: list[Proof]) -> None:
    try:
        merge_proofs(proofs_path(), rows)
    except CatalogueError as error:
        refuse(str(error))


def _told(table: Path) -> Iterator[Row]:
    with io.StringIO(text_of(table, most=_MOST_TABLE), newline="") as lines:
        rows = csv.DictReader(lines)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            refuse(f"{table}: line 1: the columns are {rows.fieldnames}; they must be {', '.join(_COLUMNS)}")
        for row in rows:
            yield f"{table}: line {rows.line_num}", row["id"], row["red"], row["green"]


def _judged_again(folder: Path) -> Iterator[Row]:
    """Of every kept campaign of a defect, held against the plain charger's at the same bench: the first red of each."""
    plains: dict[str, Seen] = {}
    proven: set[str] = set()
    for name in KIND.shelf.names():
        each, kept = KIND.shelf.get(name), sorted((folder / name).glob("*/evidence"))
        if not kept:
            continue
        plain = KIND.bench(each).plain_in(folder)
        if plain.name not in plains:
            found = sorted(plain.glob("*/evidence"))
            if not found:
                refuse(
                    f"{plain}: there is no campaign against the plain charger; run `make defects` with --out {folder}"
                )
            plains[plain.name] = _seen(found[-1])
        for purpose in KIND.proves(each, plains[plain.name], _seen(kept[-1])):
            if purpose not in proven:
                proven.add(purpose)
                yield str(kept[-1]), purpose, f"defect {name}", "the plain emulated charger"


def _seen(evidence: Path) -> Seen:
    """What today's judges say of a kept campaign."""
    load_judges()
    plan = msgspec.json.decode(octets_of(evidence / "plan.json", most=_MOST_PLAN), type=Plan)
    trace = read_trace(evidence / "trace.jsonl")
    result = msgspec.to_builtins(decide(plan, trace, evaluate(trace, plan.limits, plan.overdue)))
    return said_by(result, evidence.parent)
