"""The limits of each purpose by role, as the plan freezes them: of several criteria the strictest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from harness.judge import ResolvedLimit
from requirement_catalog import (
    Catalogue,
    DecisionRule,
    Purpose,
    Tender,
    limits_of_purpose,
    resolve_limits,
    resolve_roles,
)
from requirement_catalog import ResolvedLimit as CatalogueLimit

ByRole = dict[str, ResolvedLimit]
MOST_UNCERTAIN = "instrument.most_uncertain"


class Limiting:
    """Works out limits for one tender."""

    def __init__(self, catalogue: Catalogue, tender: Tender) -> None:
        self._tender = tender
        self._resolved = resolve_limits(catalogue, tender)

    def by_criterion(self) -> dict[str, ByRole]:
        """Every criterion's limits by role, with the tender's decision rule."""
        return {criterion: self._frozen(by_role) for criterion, by_role in self._resolved.items()}

    def of_purpose(self, purpose: Purpose, criteria: Iterable[str]) -> ByRole:
        """A purpose's limits: the strictest over the `criteria` that it serves and that apply, and its own.

        A role that none of these has keeps the number of a criterion that this tender leaves out or that is for other
        products: the purpose still asks the same of a charger. Raises ValueError where one role means two things.
        """
        own = resolve_roles(self._tender, purpose.id, purpose.limits)
        binding = limits_of_purpose(criteria, self._resolved, own)
        every = limits_of_purpose((each.criterion for each in purpose.serves), self._resolved)
        return self._frozen(every | binding)

    def _frozen(self, limits: Mapping[str, CatalogueLimit]) -> ByRole:
        rule: DecisionRule = self._tender.decision_rule
        ours = {"decision_rule": rule, "most_uncertain": self._tender.parameters[MOST_UNCERTAIN].value / 100}
        return {
            role: msgspec.convert({**msgspec.to_builtins(limit), **ours}, ResolvedLimit)
            for role, limit in limits.items()
        }
