"""chargeproof catalog prove: keeps what was seen red and green, with the digest of the judges that saw it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from harness.cli._say import Door, refuse
from harness.cli.catalogue._suites import load_checked
from harness.decision import decide
from harness.emulator.altered import Seen, said_by
from harness.emulator.defects.__main__ import KIND
from harness.evidence import load_judges
from harness.judge import evaluate
from harness.plan import Plan
from harness.proofs import proof_digest
from harness.trace import read_trace
from requirement_catalog import CatalogueError, Proof, merge_proofs, nearest, proofs_path

_COLUMNS = ("id", "red", "green")
Row = tuple[str, str, str, str]  # where it stands, purpose, red, green


@click.command()
@click.argument("seen", type=click.Path(path_type=Path, exists=True))
def prove(seen: Path) -> None:
    """Keep in proofs.csv which purposes were SEEN red and green.

    SEEN is what `make defects` writes: a CSV file with the columns id, red (the defect that turned it red) and green
    (on what it was green), or the folder in which it kept its campaigns (--out). These are then judged again, by the
    judges as they are now.
    """
    suites, _ = load_checked()
    purposes = {p.id: p for p in suites.purposes}
    rows = []
    for place, purpose, red, green in _judged_again(seen) if seen.is_dir() else _told(seen):
        if purpose not in purposes:
            refuse(f"{place}: no purpose is called {purpose!r}; {nearest(purpose, purposes)}")
        known = purposes[purpose]
        rows.append(Proof(purpose, red, green, proof_digest(known.judges, known.revision)))
    try:
        merge_proofs(proofs_path(), rows)
    except CatalogueError as error:
        refuse(str(error))
    Door().line("{} purposes were seen red and green; kept in {}", len(rows), proofs_path().name)


def _told(table: Path) -> Iterator[Row]:
    with table.open(newline="", encoding="utf-8") as lines:
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
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    trace = read_trace(evidence / "trace.jsonl")
    result = msgspec.to_builtins(decide(plan, trace, evaluate(trace, plan.limits, plan.overdue)))
    verdicts, why, serves = said_by(result)
    return Seen(verdicts, why, 0.0, evidence.parent, serves)
