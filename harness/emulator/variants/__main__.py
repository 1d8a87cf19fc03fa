"""`python -m harness.emulator.variants`: does the suite leave every charger alone that is unusual yet correct?"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from harness.emulator.altered import SMOKE, Bench, Kind, Outcome, Seen, is_purpose, main_of
from harness.emulator.variants import SHELF, Variant
from harness.emulator.variants._check import blamed


def main(argv: Sequence[str] | None = None) -> int:
    """0 when no variant was blamed, 1 when one was, 2 for wrong usage, 3 when a campaign broke."""
    return main_of(KIND, argv)


def _selection(each: Variant, narrow: bool) -> tuple[str, ...]:
    smoke = SMOKE if each.smoke and not narrow and not any(map(is_purpose, each.touches)) else ()
    return tuple(dict.fromkeys((*each.touches, *smoke)))


def _bench(each: Variant) -> Bench:
    return Bench(depth=each.depth, by_purpose=any(map(is_purpose, each.touches)))


def _check(each: Variant, plain: Seen, seen: Seen) -> Outcome:
    wrong = blamed(each, plain, seen)
    passed = sum(1 for verdict in seen.purposes.values() if verdict == "pass")
    changed = ", ".join(f"{c} {v}" for c, v in each.may_change.items() if seen.verdicts.get(c) == v)
    line = f"{'BLAMED' if wrong else 'passed'} {each.name:34} {seen.took_s:4.0f} s  {passed} purposes"
    details = tuple(f"{c}: {what}: {seen.why.get(c, '')[:400]}" for c, what in wrong.items())
    return Outcome(not wrong, line + (f" (and, as declared: {changed})" if changed else ""), details)


def _listed(each: Variant) -> str:
    return f"{', '.join(each.touches[:4]):34} {each.title}"


KIND: Kind[Variant] = Kind("variant", __doc__ or "", SHELF, _selection, _check, _listed, _bench)

if __name__ == "__main__":
    sys.exit(main())
