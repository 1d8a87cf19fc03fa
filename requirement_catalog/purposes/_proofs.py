"""proofs.csv: for each purpose and rule, what turned it red, on what it was green, and the digest of its judges."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from requirement_catalog.purposes._suites import FOLDER, load_suites
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import CatalogueError, Problem


class Proof(NamedTuple):
    """One row. `red`: the defect or the edit that turned it red; `green`: on what it was green."""

    id: str
    red: str
    green: str
    digest: str


def proofs_path(root: Path | None = None) -> Path:
    """Where proofs.csv stands."""
    return (root or Path(__file__).parents[1]) / FOLDER / "proofs.csv"


def read_proofs(path: Path | None = None) -> dict[str, Proof]:
    """The rows by id; {} when there is no file yet. Raises CatalogueError with file and line."""
    path = path or proofs_path()
    shown, proofs = f"{path.parent.name}/{path.name}", dict[str, Proof]()
    if not path.is_file():
        return proofs
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8", errors="replace")))
    if (head := next(rows, None)) != list(Proof._fields):
        wrong = f"begins with {','.join(head or ())!r}"
        raise CatalogueError([Problem(shown, 1, "", wrong, f"the first line is {','.join(Proof._fields)}")])
    problems = []
    for row in rows:
        if len(row) != len(Proof._fields):
            problems.append(Problem(shown, rows.line_num, "", f"has {len(row)} fields", "write id,red,green,digest"))
        elif row[0] in proofs:
            problems.append(Problem(shown, rows.line_num, "", f"{row[0]} has a row already", "keep the newer one"))
        else:
            proofs[row[0]] = Proof(*row)
    if problems:
        raise CatalogueError(problems)
    return proofs


def merge_proofs(path: Path, rows: Iterable[Proof]) -> dict[str, Proof]:
    """Write rows into proofs.csv beside those that stand there; returns what the file then holds.

    A row takes the place of the one with its id. Where it saw only red or only green, the other half is kept as long as
    the digest is the same: two commands, or two shards of one, may each have seen a half. Rows of ids that were never
    given are refused. Raises CatalogueError.
    """
    merged = read_proofs(path)
    known = {item.id for item in load_suites(lock=False).items}
    for row in rows:
        if row.id not in known:
            wrong = f"a proof of {row.id!r}, which no suite has"
            raise CatalogueError([Problem(path.name, 1, "", wrong, nearest(row.id, known))])
        before = merged.get(row.id)
        if before is not None and before.digest == row.digest:
            row = row._replace(red=row.red or before.red, green=row.green or before.green)
        merged[row.id] = row
    path.write_text(proofs_text(merged), encoding="utf-8")
    return merged


def proofs_text(proofs: Mapping[str, Proof]) -> str:
    """proofs.csv as it must be committed, sorted by id."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Proof._fields)
    writer.writerows(proofs[id] for id in sorted(proofs))
    return out.getvalue()
