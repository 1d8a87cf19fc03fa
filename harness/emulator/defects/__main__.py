"""`python -m harness.emulator.defects`: does the suite catch every defective charger, and blame nothing else?"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.emulator.defects import Defect, defect, known_defects
from harness.emulator.defects._campaigns import CampaignFailed, Seen, run
from harness.emulator.defects._check import SMOKE, Outcome, check


def main(argv: Sequence[str] | None = None) -> int:
    """0 when every defect was caught without a bystander, 1 when not, 2 for wrong usage, 3 when a campaign broke."""
    given = _arguments(argv)
    if given.list:
        for name in known_defects():
            print(f"{name:34} {', '.join(defect(name).named[:4]):34} {defect(name).title}")
        return 0
    try:
        chosen = [defect(name) for name in (given.names or known_defects())]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="defects-") as scratch:
        return _matrix(chosen, given.out or Path(scratch), given.jobs, narrow=given.narrow, whole=given.whole)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m harness.emulator.defects", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="defects to try")
    add("--all", action="store_true", help="every defect there is")
    add("--list", action="store_true", help="say which defects there are, and run nothing")
    add("--jobs", type=int, default=1, metavar="N", help="campaigns at a time, each in a network of its own")
    add("--narrow", action="store_true", help="only the criteria that a defect names, and the smoke set: quicker")
    add("--whole", action="store_true", help="the whole tender against each defect: finds every bystander, slowly")
    add("--out", type=Path, metavar="DIR", help="keep the campaigns' evidence here (default: thrown away)")
    given = parser.parse_args(argv)
    if not (given.names or given.all or given.list):
        parser.error("name one or more defects, or say --all; --list shows them")
    return given


def _matrix(chosen: Sequence[Defect], out: Path, jobs: int, *, narrow: bool, whole: bool) -> int:
    selections = {each.name: () if whole else _selection(each, narrow) for each in chosen}
    union = () if whole else tuple(dict.fromkeys(part for selection in selections.values() for part in selection))
    print(f"the conformant charger, for comparison: {', '.join(union) or 'the whole tender'}", flush=True)
    try:
        conformant = run(out / "conformant", union)
    except CampaignFailed as error:
        print(f"the conformant charger's campaign {error}", file=sys.stderr)
        return 3
    print(f"  {conformant.took_s:.0f} s", flush=True)
    worst = 0

    def one(each: Defect) -> Seen | CampaignFailed:
        try:
            return run(out / each.name, selections[each.name], [each.name])
        except CampaignFailed as error:
            return error

    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for each, seen in zip(chosen, pool.map(one, chosen), strict=True):
            if isinstance(seen, CampaignFailed):
                print(f"BROKEN {each.name}: {seen}", flush=True)
                worst = 3
                continue
            outcome = check(each, conformant.verdicts, seen.verdicts)
            _tell(each, outcome, seen)
            worst = max(worst, 0 if outcome.ok else 1)
    return worst


def _selection(each: Defect, narrow: bool) -> tuple[str, ...]:
    own = (*each.must_fail, *each.must_be_inconclusive) if narrow else each.selection
    return tuple(dict.fromkeys((*own, *(SMOKE if each.smoke else ()))))


def _tell(each: Defect, outcome: Outcome, seen: Seen) -> None:
    caught = ", ".join(f"{criterion} {verdict}" for criterion, verdict in outcome.caught.items())
    also = ", ".join(f"{c} {seen.verdicts[c]}" for c in each.may_fail if seen.verdicts.get(c, "pass") != "pass")
    print(f"{'caught' if outcome.ok else 'MISSED'} {each.name:34} {seen.took_s:4.0f} s  {caught or 'nothing'}", end="")
    print(f" (and, as it may: {also})" if also else "", flush=True)
    for label, found in (("not noticed", outcome.missed), ("bystander", outcome.bystanders)):
        for criterion, what in found.items():
            print(f"       {label} {criterion}: {what}: {seen.why.get(criterion, '')[:300]}", flush=True)
    if not outcome.ok:
        print(f"       evidence: {seen.folder}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
