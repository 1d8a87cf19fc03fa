"""`python -m tests.corpus`: records the corpus anew, with --judge only what is expected of it. Look at the difference.

Each campaign is a short one of its own criteria; --from takes what `make defects` or `make variants` kept (--out).
The windows of the trace edits (harness/proofs/edits/windows) are cut from it, as windows.csv says; the edits may then
need another look: `chargeproof catalog prove --edits` says which.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from harness.emulator.altered import TENDER, Bench, run
from harness.emulator.defects import defect
from harness.emulator.variants import SHELF as VARIANTS
from harness.proofs import edits as windows
from requirement_catalog import load_suites
from tests.corpus._kept import EXPECTED, cuts, judged, keep, names

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
    "reserves-twice",
    "sends-unknown-fields",
    "silent-about-status",
    "skips-numbers-offline",
    "speaks-before-boot",
    "takes-the-highest",
    "trusts-any-signer",
)
VARIANTS_KEPT = (
    "answers-in-another-order",
    "boots-after-every-loss",
    "ends-with-authorisation",
    "json-with-air",
    "live-before-queued",
    "multiplies-by-thousand",
    "one-meter-value-each",
    "whole-seconds",
)


PLAIN, PURPOSES, FURTHER = "plain", "plain purposes", "plain further"
# of what a tender asks for beyond the first depth: what sets off rules that the short campaigns do not
FURTHER_PURPOSES = (
    "OCPP-A02.P102",
    "OCPP-B04.P001",
    "OCPP-B12.P001",
    "OCPP-E05.P001",
    "OCPP-F01.P111",
    "OCPP-G03.P003",
    "OCPP-G03.P401",
    "OCPP-K08.P402",
    "OCPP-K28.P105",
    "OCPP-L01.P103",
    "OCPP-R04.P104",
)


def main() -> None:
    """Record, judge, and write down what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help='these alone: "plain", "defect ignores-zero", …')
    parser.add_argument("--judge", action="store_true", help="record nothing; write anew what is expected")
    parser.add_argument("--from", dest="kept", type=Path, help="take campaigns from here instead of running them")
    given = parser.parse_args()
    if not given.judge:
        with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
            for called in given.only or wanted():
                evidence = _kept(called, given.kept) if given.kept else _run(called, Path(scratch))
                print(f"{called}: {keep(called, evidence) / 1024:.0f} KiB" if evidence else f"{called}: not there")
        for each in cuts():
            windows.keep(each.name, each.made())
    found = {name: judged(name) for name in names()}
    EXPECTED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{EXPECTED.name} written: {len(found)} campaigns")


def wanted() -> list[str]:
    """The campaigns of the corpus."""
    altered = [f"defect {name}" for name in DEFECTS] + [f"variant {name}" for name in VARIANTS_KEPT]
    return [PLAIN, PURPOSES, FURTHER, *altered]


def _kept(called: str, kept: Path) -> Path | None:
    """The newest campaign in a folder called as `make defects` calls it."""
    folders = (
        [called.rpartition(" ")[2]] if called != PURPOSES else ["plain-purposes-acceptance", "purposes-acceptance"]
    )
    found = sorted(path for folder in folders for path in (kept / folder).glob("*/evidence"))
    return found[-1] if found else None


def _run(called: str, scratch: Path) -> Path:
    """Record it: the plain charger by the whole tender, and by what lies beyond it or deeper; others by their own."""
    kind, _, name = called.partition(" ")
    out = scratch / called.replace(" ", "-")
    if called in (PURPOSES, FURTHER):
        beyond = tuple(p.id for p in load_suites().purposes if not p.serves)
        bench, chosen = Bench(depth="acceptance"), FURTHER_PURPOSES if called == FURTHER else beyond
        return run(out, chosen, tender=bench.tender(out)).folder / "evidence"
    options: tuple[str, ...] = (f"--{kind}", name) if name else ()
    selection: tuple[str, ...] = ()
    tender = TENDER
    if kind == "defect":
        selection, tender = (
            defect(name).run,
            Bench(depth=defect(name).depth, confirms=defect(name).confirms).tender(out),
        )
    elif kind == "variant":
        selection = VARIANTS.get(name).touches
    return run(out, selection, options, tender=tender).folder / "evidence"


if __name__ == "__main__":
    main()
