"""Whether a criterion can apply to anything that a tender buys."""

from __future__ import annotations

from collections.abc import Iterable

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._model import AppliesWhen, Criterion
from requirement_catalog.tender._tender import Tender

_LISTS = ("current", "site", "product")


def that_can_apply(catalogue: Catalogue, tender: Tender, criteria: Iterable[Criterion]) -> list[Criterion]:
    """Those of the criteria that some product within the tender's scope is held to by itself.

    One that only follows from others asks nothing where those are left out.
    """
    return [
        c
        for c in criteria
        if not c.all_of
        and _meets(catalogue.requirement_of(c.id).applies_when, tender.scope)
        and _meets(c.applies_when, tender.scope)
    ]


def _meets(condition: AppliesWhen | None, scope: AppliesWhen | None) -> bool:
    if condition is None or scope is None:
        return True
    for name in _LISTS:
        wanted, bought = getattr(condition, name), getattr(scope, name)
        if wanted and bought and not set(wanted) & set(bought):
            return False
    return None in (condition.bidirectional, scope.bidirectional) or condition.bidirectional == scope.bidirectional
