"""chargeproof catalog prove: keeps what was seen red and green, with the digest of the judges that saw it."""

from __future__ import annotations

import csv
from pathlib import Path

import click

from harness.cli._say import Door, refuse
from harness.cli._suites import load_checked
from harness.proofs import proof_digest
from requirement_catalog import CatalogueError, Proof, merge_proofs, nearest, proofs_path

_COLUMNS = ("id", "red", "green")


@click.command()
@click.argument("seen", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def prove(seen: Path) -> None:
    """Keep in proofs.csv which purposes were SEEN red and green; `make defects` writes such a file.

    SEEN is CSV with the columns id, red (the defect that turned it red) and green (on what it was green).
    """
    suites, _ = load_checked()
    purposes = {p.id: p for p in suites.purposes}
    with seen.open(newline="", encoding="utf-8") as lines:
        table = csv.DictReader(lines)
        if tuple(table.fieldnames or ()) != _COLUMNS:
            refuse(f"{seen}: line 1: the columns are {table.fieldnames}; they must be {', '.join(_COLUMNS)}")
        rows = []
        for row in table:
            if row["id"] not in purposes:
                known = nearest(row["id"], purposes)
                refuse(f"{seen}: line {table.line_num}: no purpose is called {row['id']!r}; {known}")
            purpose = purposes[row["id"]]
            rows.append(Proof(purpose.id, row["red"], row["green"], proof_digest(purpose.judges, purpose.revision)))
    try:
        merge_proofs(proofs_path(), rows)
    except CatalogueError as error:
        refuse(str(error))
    Door().line("{} purposes were seen red and green; kept in {}", len(rows), proofs_path().name)
