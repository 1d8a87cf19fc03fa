"""`python -m harness.emulator.defects`: does the suite catch every defective charger, and blame nothing else?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

from harness.emulator.altered import SMOKE, Bench, Kind, Outcome, Seen, is_purpose, main_of
from harness.emulator.defects import SHELF, Defect
from harness.emulator.defects._check import check
from requirement_catalog import load_suites


def main(argv: Sequence[str] | None = None) -> int:
    """0 when every defect was caught without a bystander, 1 when not, 2 for wrong usage, 3 when a campaign broke."""
    return main_of(KIND, argv)


def _selection(each: Defect, narrow: bool) -> tuple[str, ...]:
    smoke = SMOKE if each.smoke and not narrow and not any(map(is_purpose, each.run)) else ()
    return tuple(dict.fromkeys((*each.run, *smoke)))


def _check(each: Defect, plain: Seen, seen: Seen) -> Outcome:
    outcome = check(each, plain.judged, _chosen(each, seen), _set_off_by())
    caught = ", ".join(f"{purpose} {verdict}" for purpose, verdict in outcome.caught.items())
    also = ", ".join(f"{p} {seen.judged[p]}" for p in each.may_fail if seen.judged.get(p, "pass") != "pass")
    line = f"{'caught' if outcome.ok else 'MISSED'} {each.name:34} {seen.took_s:4.0f} s  {caught or 'nothing'}"
    details = [
        f"{label} {purpose}: {what}: {seen.why.get(purpose, '')[:300]}"
        for label, found in (("not noticed", outcome.missed), ("bystander", outcome.bystanders))
        for purpose, what in found.items()
    ]
    return Outcome(outcome.ok, line + (f" (and, as it may: {also})" if also else ""), tuple(details))


@cache
def _set_off_by() -> dict[str, tuple[str, ...]]:
    """For each rule the purposes that are there to bring it about."""
    found: dict[str, tuple[str, ...]] = {}
    for purpose in load_suites().purposes:
        for rule in purpose.exercises:
            found[rule] = (*found.get(rule, ()), purpose.id)
    return found


def _chosen(each: Defect, seen: Seen) -> dict[str, str]:
    """What was judged, without the purposes that share a criterion with the chosen ones and were left out."""
    if not any(map(is_purpose, each.run)):
        return seen.judged
    return {
        name: verdict for name, verdict in seen.judged.items() if not is_purpose(name) or name.split("/")[0] in each.run
    }


def _listed(each: Defect) -> str:
    return f"{', '.join(each.named[:4]):34} {each.title}"


def _bench(each: Defect) -> Bench:
    return Bench(each.bench_without, each.evses, each.depth, any(map(is_purpose, each.run)), each.confirms)


def _proves(each: Defect, plain: Seen, seen: Seen) -> tuple[str, ...]:
    """The purposes and rules that this defect turned red as it declares, and that were green without it."""
    caught = check(each, plain.judged, seen.judged).caught
    return tuple(dict.fromkeys(name.split("/")[0] for name, verdict in caught.items() if verdict == "fail"))


KIND: Kind[Defect] = Kind("defect", __doc__ or "", SHELF, _selection, _check, _listed, _bench, _proves)

if __name__ == "__main__":
    sys.exit(main())
