"""Holds what a campaign said about an unusual charger against what it said about the plain one."""

from __future__ import annotations

from harness.emulator.altered import Seen
from harness.emulator.variants._model import Variant

_GOOD = ("pass", "not_applicable")
_OF_THE_WHOLE = ("BI-16.4",)  # sums up the whole tender, which a selection cannot


def blamed(variant: Variant, plain: Seen, seen: Seen) -> dict[str, str]:
    """Criterion, purpose or rule to what is wrong with its verdict: worse than the plain charger's, or not as declared.

    What the plain charger does not pass either tells nothing about the variant. A purpose may change where a criterion
    that it serves may.
    """
    wrong = {}
    for name, verdict in seen.verdicts.items():
        if name in _OF_THE_WHOLE:
            continue
        before = plain.verdicts.get(name, "not judged")
        wanted = variant.may_change.get(name)
        if wanted is not None:
            if verdict != wanted:
                wrong[name] = f"{verdict}, where {wanted} was declared"
        elif set(seen.serves.get(name, ())) & set(variant.may_change):
            continue
        elif verdict not in _GOOD and verdict != before:
            wrong[name] = f"{verdict} instead of {before}"
        elif verdict == "not_applicable" and before == "pass" and not ("/" in name and variant.declares):
            # one service of several (AC_BPT, DC_BPT) goes with the product that it declares; a whole purpose does not
            wrong[name] = "no longer applies, which was not declared"
    wrong |= {
        rule: f"{verdict} instead of {plain.rules.get(rule, 'not judged')}"
        for rule, verdict in seen.rules.items()
        if verdict not in _GOOD and verdict != plain.rules.get(rule)
    }
    wrong |= {
        c: "not judged"
        for c, before in plain.criteria.items()
        if before == "pass" and _ours(variant, c) and c not in seen.verdicts
    }
    return wrong


def _ours(variant: Variant, criterion: str) -> bool:
    return criterion in variant.touches or criterion.split(".")[0] in variant.touches
