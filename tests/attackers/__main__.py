"""`python -m tests.attackers [NAME…] [--seconds N]`: attack, and say what each attack cost."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.attackers._attacks import ALL
from tests.attackers._measure import measured

MEMORY_MB, TRACE_MB = 300.0, 60.0


def main() -> int:
    """Print a line an attack; 1 when one went beyond the aims."""
    parser = argparse.ArgumentParser(prog="python -m tests.attackers", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ALL, []], metavar="NAME")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each attacks")
    given = parser.parse_args()
    bad = 0
    print(f"{'attack':20} {'memory MB':>9} {'trace MB':>9} {'events':>8} {'took s':>7}  served  raised")
    for name in given.names or ALL:
        attack, profile = ALL[name]
        with tempfile.TemporaryDirectory() as folder:
            was = measured(Path(folder), attack, given.seconds, profile)
        good = was.peak_mb <= MEMORY_MB and was.trace_mb <= TRACE_MB and was.served and not was.raised
        bad += not good
        raised = "; ".join(was.raised[:1])[:80]
        print(
            f"{name:20} {was.peak_mb:9.0f} {was.trace_mb:9.1f} {was.events:8} {was.took_s:7.1f}  {was.served!s:6}  "
            f"{len(was.raised)} {raised}",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
