"""`python -m tests.thorough --out DIR [--shard K/N]`: hours, in parts; with the same DIR it goes on where it was.

0 when all is well, 1 when a part found something wrong or broke, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from harness.emulator.altered._matrix import _shard
from tests.thorough._parts import go_through, shard
from tests.thorough._what import TENTHS, parts


def main(argv: list[str] | None = None) -> int:
    """Do the parts that are not done yet, and tell of all."""
    parser = argparse.ArgumentParser(prog="python -m tests.thorough", description=__doc__)
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help="campaigns, and what was done")
    add("--shard", type=_shard, default=(1, 1), metavar="K/N", help="the K-th of N equal parts of the work")
    add("--tenth", type=int, choices=range(TENTHS), help="of defects and variants (default: by the week)")
    add("--list", action="store_true", help="say which parts there are, and do nothing")
    given = parser.parse_args(argv)
    tenth = given.tenth if given.tenth is not None else datetime.date.today().isocalendar().week % TENTHS
    mine = shard(parts(tenth), *given.shard)
    if given.list:
        print("\n".join(part.name for part in mine))
        return 0
    bad = 0
    for done in go_through(mine, given.out):
        bad += bool(done.wrong)
        earlier = " (earlier)" if done.earlier else ""
        print(f"{'WRONG' if done.wrong else 'well '} {done.name}{earlier}", flush=True)
        for line in done.wrong:
            print(f"      {line}", flush=True)
    print(f"{len(mine) - bad} of {len(mine)} parts are well")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
