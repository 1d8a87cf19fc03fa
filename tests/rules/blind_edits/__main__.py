"""`python -m tests.rules.blind_edits`: writes anew which rule notices which edit. Look at the difference."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from tests.rules.blind_edits import NOTICED, rows


def main() -> None:
    """Judge all of them, and write down what was said."""
    with tempfile.TemporaryDirectory(prefix="blind-edits-") as scratch:
        found = rows(Path(scratch))
    with NOTICED.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ("edit", "clause", "rules"), lineterminator="\n")
        table.writeheader()
        table.writerows(found)
    print(f"{sum(bool(row['rules']) for row in found)} of {len(found)} are noticed")


if __name__ == "__main__":
    main()
