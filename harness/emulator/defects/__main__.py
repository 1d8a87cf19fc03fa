"""`python -m harness.emulator.defects`: does the suite catch every defective charger, and blame nothing else?"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from harness.emulator.altered import SMOKE, Kind, Outcome, Seen, main_of
from harness.emulator.defects import SHELF, Defect
from harness.emulator.defects._check import check


def main(argv: Sequence[str] | None = None) -> int:
    """0 when every defect was caught without a bystander, 1 when not, 2 for wrong usage, 3 when a campaign broke."""
    return main_of(KIND, argv)


def _selection(each: Defect, narrow: bool) -> tuple[str, ...]:
    own = (*each.must_fail, *each.must_be_inconclusive) if narrow else each.selection
    return tuple(dict.fromkeys((*own, *(SMOKE if each.smoke else ()))))


def _check(each: Defect, plain: Seen, seen: Seen) -> Outcome:
    outcome = check(each, plain.verdicts, seen.verdicts)
    caught = ", ".join(f"{criterion} {verdict}" for criterion, verdict in outcome.caught.items())
    also = ", ".join(f"{c} {seen.verdicts[c]}" for c in each.may_fail if seen.verdicts.get(c, "pass") != "pass")
    line = f"{'caught' if outcome.ok else 'MISSED'} {each.name:34} {seen.took_s:4.0f} s  {caught or 'nothing'}"
    details = [
        f"{label} {criterion}: {what}: {seen.why.get(criterion, '')[:300]}"
        for label, found in (("not noticed", outcome.missed), ("bystander", outcome.bystanders))
        for criterion, what in found.items()
    ]
    return Outcome(outcome.ok, line + (f" (and, as it may: {also})" if also else ""), tuple(details))


def _listed(each: Defect) -> str:
    return f"{', '.join(each.named[:4]):34} {each.title}"


KIND: Kind[Defect] = Kind("defect", __doc__ or "", SHELF, _selection, _check, _listed)

if __name__ == "__main__":
    sys.exit(main())
