"""Holds what a campaign said about an unusual charger against what it said about the plain one."""

from __future__ import annotations

from collections.abc import Mapping

from harness.emulator.variants._model import Variant

_GOOD = ("pass", "not_applicable")
_OF_THE_WHOLE = ("BI-16.4",)  # sums up the whole tender, which a selection cannot


def blamed(variant: Variant, plain: Mapping[str, str], seen: Mapping[str, str]) -> dict[str, str]:
    """Criterion to what is wrong with its verdict: worse than the plain charger's, or other than declared.

    A criterion that the plain charger does not pass either tells nothing about the variant.
    """
    wrong = {}
    for criterion, verdict in seen.items():
        if criterion in _OF_THE_WHOLE:
            continue
        before = plain.get(criterion, "not judged")
        wanted = variant.may_change.get(criterion)
        if wanted is not None:
            if verdict != wanted:
                wrong[criterion] = f"{verdict}, where {wanted} was declared"
        elif verdict not in _GOOD and verdict != before:
            wrong[criterion] = f"{verdict} instead of {before}"
        elif verdict == "not_applicable" and before == "pass":
            wrong[criterion] = "no longer applies, which was not declared"
    wrong |= {
        c: "not judged" for c, before in plain.items() if before == "pass" and _ours(variant, c) and c not in seen
    }
    return wrong


def _ours(variant: Variant, criterion: str) -> bool:
    return criterion in variant.touches or criterion.split(".")[0] in variant.touches
