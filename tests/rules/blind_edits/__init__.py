"""Sixty edits that readers of the standard, blind to our rules, made in recorded good traces; and who notices them.

`edits.jsonl.gz` holds them as changes of lines of the logs beside it (from line, to line, what stands there instead),
with the clause that each breaks. `noticed.csv` says by which rules; one that none notices stands there, too.
`python -m tests.rules.blind_edits` writes it anew: look at the difference.
"""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from harness.cli.judged._logs import judged_log
from requirement_catalog import load_suites

FOLDER = Path(__file__).parent
NOTICED = FOLDER / "noticed.csv"


class Edit(msgspec.Struct, frozen=True):
    """One edit: each change is (from line, up to line, the lines that stand there instead), of the log `base`."""

    id: str
    clause: str
    sentence: str
    base: str
    changes: tuple[tuple[int, int, tuple[str, ...]], ...]

    def lines(self) -> list[str]:
        """The edited log."""
        made = list(log(self.base))
        for first, last, instead in reversed(self.changes):
            made[first:last] = instead
        return made


@cache
def log(name: str) -> tuple[str, ...]:
    """An unedited log's lines."""
    return tuple(gzip.decompress((FOLDER / f"{name}.jsonl.gz").read_bytes()).decode().splitlines())


@cache
def edits() -> tuple[Edit, ...]:
    """All of them, by id."""
    packed = gzip.decompress((FOLDER / "edits.jsonl.gz").read_bytes())
    return tuple(msgspec.json.decode(line, type=Edit) for line in packed.splitlines())


def violated(lines: list[str] | tuple[str, ...], folder: Path) -> list[str]:
    """The rules that a log violates, as `chargeproof judge` says."""
    path = folder / "log.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    judged = judged_log([path], load_suites(), None, None)
    return sorted({fault.rule for station in judged.stations for fault in station.faults})


def noticed() -> dict[str, list[str]]:
    """By edit, the rules that noticed it when somebody last looked."""
    with NOTICED.open(encoding="utf-8", newline="") as file:
        return {row["edit"]: row["rules"].split() for row in csv.DictReader(file)}


def rows(folder: Path) -> list[dict[str, Any]]:
    """What `noticed.csv` would say today."""
    return [{"edit": e.id, "clause": e.clause, "rules": " ".join(violated(e.lines(), folder))} for e in edits()]
