"""The limits of each purpose by role: of several criteria the strictest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from harness.judge import ResolvedLimit
from requirement_catalog import Catalogue, Purpose, Sense, Tender, resolve_limits

ByRole = dict[str, ResolvedLimit]


def limits_by_criterion(catalogue: Catalogue, tender: Tender) -> dict[str, ByRole]:
    """Every criterion's limits by role, with the tender's decision rule."""
    rule = {"decision_rule": tender.decision_rule}
    resolved = msgspec.to_builtins(resolve_limits(catalogue, tender))
    return {
        criterion: {role: msgspec.convert({**limit, **rule}, ResolvedLimit) for role, limit in by_role.items()}
        for criterion, by_role in resolved.items()
    }


def limits_of(purpose: Purpose, criteria: Iterable[str], by_criterion: Mapping[str, ByRole]) -> ByRole:
    """A purpose's limits: the strictest over the criteria that it serves."""
    found: ByRole = {}
    for criterion in criteria:
        for role, limit in by_criterion.get(criterion, {}).items():
            known = found.get(role)
            found[role] = limit if known is None or _stricter(limit, known) else known
    return found


def _stricter(one: ResolvedLimit, other: ResolvedLimit) -> bool:
    if one.sense is Sense.AT_MOST:
        return one.value + one.tolerance < other.value + other.tolerance
    return one.value - one.tolerance > other.value - other.tolerance
