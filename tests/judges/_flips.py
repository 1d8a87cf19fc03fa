"""What the measure of limits needs: for a criterion's role a trace that passes, one that fails, and other numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import msgspec

from harness.judge import ResolvedLimit, Verdict
from requirement_catalog import Confidence, Sense, load_catalogue, load_tender, resolve_limits
from tests.judges._trace import T

_FAR = 1e6


@dataclasses.dataclass(frozen=True)
class Flip:
    """Two traces about a criterion, each ending in its claim: `good` passes and `bad` fails by the number as it stands.

    With the number out of reach (`tight`) the good one must fail, with a boundless one (`loose`) the bad one must pass.
    Where a million is no number that a trace can tell apart from another fault, nearer ones are given. `given` sets
    other roles, for a trace that need not last a month.
    """

    good: Callable[[], T]
    bad: Callable[[], T]
    tight: float | None = None
    loose: float | None = None
    given: Mapping[str, float] = dataclasses.field(default_factory=dict)


def real_limits() -> dict[str, dict[str, ResolvedLimit]]:
    """Every criterion's limits by role, as a plan by the default tender holds them."""
    catalogue = load_catalogue()
    return {
        criterion: {role: msgspec.convert(limit, ResolvedLimit, from_attributes=True) for role, limit in roles.items()}
        for criterion, roles in resolve_limits(catalogue, load_tender(catalogue)).items()
    }


def verdict(flip: Flip, make: Callable[[], T], roles: Mapping[str, ResolvedLimit], role: str, value: float) -> Verdict:
    """What the judge finds of a trace with the role's number set to `value`, as if it were confirmed."""
    limits = dict(roles)
    for name, number in {**flip.given, role: value}.items():
        limits[name] = msgspec.structs.replace(limits[name], value=number, confidence=Confidence.CONFIRMED)
    return make().judged_by(limits).verdict


def out_of_reach(flip: Flip, limit: ResolvedLimit) -> float:
    """A number that nobody can meet."""
    if flip.tight is not None:
        return flip.tight
    return -_FAR if limit.sense is Sense.AT_MOST else _FAR


def boundless(flip: Flip, limit: ResolvedLimit) -> float:
    """A number that everybody meets."""
    if flip.loose is not None:
        return flip.loose
    return _FAR if limit.sense is Sense.AT_MOST else -_FAR
