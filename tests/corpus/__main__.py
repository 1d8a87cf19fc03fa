"""`python -m tests.corpus`: records the corpus anew, with --judge only what is expected of it. Look at the difference.

Each campaign is a short one of its own criteria; --from takes what `make defects` or `make variants` kept (--out).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from harness.emulator.altered import SMOKE, run
from harness.emulator.defects import defect
from harness.emulator.variants import SHELF as VARIANTS
from tests.corpus._kept import EXPECTED, judged, keep, names

DEFECTS = (
    "accepts-unknown-ca",
    "answers-late",
    "drops-an-event",
    "energises-early",
    "forgets-grid-codes",
    "forgets-settings",
    "ignores-lower-limit",
    "invents-variables",
    "light-lags",
    "loses-offline-events",
    "never-ends-a-session",
    "number-twice",
    "sends-unknown-fields",
    "silent-about-status",
    "speaks-before-boot",
    "takes-the-highest",
    "trusts-any-signer",
)
VARIANTS_KEPT = (
    "custom-data",
    "events-instead-of-status",
    "live-before-queued",
    "local-time",
    "meters-in-kilowatts",
    "repeats-what-got-lost",
)


def main() -> None:
    """Record, judge, and write down what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help="these alone: plain, or a defect's or variant's name")
    parser.add_argument("--judge", action="store_true", help="record nothing; write anew what is expected")
    parser.add_argument("--from", dest="kept", type=Path, help="take campaigns from here instead of running them")
    given = parser.parse_args()
    if not given.judge:
        with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
            for kind, name in _wanted(given.only):
                called = f"{kind} {name}".strip()
                evidence = _evidence(kind, name, given.kept, Path(scratch))
                print(f"{called}: {keep(called, evidence) / 1024:.0f} KiB" if evidence else f"{called}: not there")
    found = {name: judged(name) for name in names()}
    EXPECTED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{EXPECTED.name} written: {len(found)} campaigns")


def _wanted(only: list[str]) -> list[tuple[str, str]]:
    every = [("plain", "")] + [("defect", name) for name in DEFECTS] + [("variant", name) for name in VARIANTS_KEPT]
    return [each for each in every if not only or (each[1] or each[0]) in only]


def _evidence(kind: str, name: str, kept: Path | None, scratch: Path) -> Path | None:
    if kept is not None:
        found = sorted((kept / (name or kind)).glob("*/evidence"))
        return found[-1] if found else None
    options: tuple[str, ...] = (f"--{kind}", name) if name else ()
    selection = tuple(SMOKE)
    if kind == "defect":
        selection = defect(name).run
    elif kind == "variant":
        selection = VARIANTS.get(name).touches
    return run(scratch / (name or kind), selection, options).folder / "evidence"


if __name__ == "__main__":
    main()
