"""Works out each criterion's limits by role, with source and confidence, and what a purpose gets of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._limit_rules import OF_EVERY_READING
from requirement_catalog._model import Confidence, ContractParameter, Limit, ReferenceNumber, Sense, VerifiedBy
from requirement_catalog.tender._tender import ResolvedLimit, Tender

_WEAKEST_LAST = (
    Confidence.CONFIRMED,
    Confidence.CONTRACT_DEFAULT,
    Confidence.CORROBORATED,
    Confidence.SECONDARY,
    Confidence.RECALLED,
)


def resolve_limits(catalogue: Catalogue, tender: Tender) -> dict[str, dict[str, ResolvedLimit]]:
    """The limits of every criterion that has some, by criterion id and role, as this tender has them."""
    return {c.id: resolve_roles(tender, c.id, c.limits) for c in catalogue.criteria if c.limits}


def resolve_roles(tender: Tender, of: str, limits: Mapping[str, Limit]) -> dict[str, ResolvedLimit]:
    """The limits of one criterion, or those that a purpose `of` this id has of its own, by role."""
    return {role: _resolved(tender, own_name(of, role), limit) for role, limit in limits.items()}


def own_name(of: str, role: str) -> str:
    """How a number that stands with a criterion or a purpose itself is called: "SC-07.8 off"."""
    return f"{of} {role}"


def limits_of_purpose(
    criteria: Iterable[str],
    resolved: Mapping[str, Mapping[str, ResolvedLimit]],
    own: Mapping[str, ResolvedLimit] | None = None,
) -> dict[str, ResolvedLimit]:
    """What a purpose that serves `criteria` is judged by: for each role the strictest of theirs and of its `own`.

    Of two that are equally strict, the one of weaker confidence counts. Raises ValueError where one role means two
    things (another unit or sense), which no number can settle.
    """
    strictest: dict[str, ResolvedLimit] = dict(own or {})
    for criterion in criteria:
        for role, limit in resolved.get(criterion, {}).items():
            other = strictest.get(role)
            strictest[role] = limit if other is None else _stricter(role, other, limit)
    return strictest


def users_of(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The criteria that use each contract parameter and reference number, by its name, in reading order."""
    users: dict[str, dict[str, None]] = {}
    for criterion in catalogue.criteria:
        for limit in criterion.limits.values():
            for name in (limit.contract, limit.reference, limit.tolerance_contract):
                if name is not None:
                    users.setdefault(name, {})[criterion.id] = None
        if criterion.verified_by is VerifiedBy.TEST and criterion.limits:
            for name in OF_EVERY_READING:
                users.setdefault(name, {})[criterion.id] = None
    return {name: tuple(ids) for name, ids in users.items()}


def _stricter(role: str, one: ResolvedLimit, other: ResolvedLimit) -> ResolvedLimit:
    if (one.unit, one.sense) != (other.unit, other.sense):
        what = f"{one.sense.value} in {one.unit} ({one.name}) and {other.sense.value} in {other.unit} ({other.name})"
        raise ValueError(f"the role {role!r} means two things: {what}")
    if _border(one) == _border(other):
        return max(one, other, key=lambda limit: _WEAKEST_LAST.index(limit.confidence))
    return (min if one.sense is Sense.AT_MOST else max)(one, other, key=_border)


def _border(limit: ResolvedLimit) -> float:
    """The last value that is still good."""
    return limit.value + limit.tolerance if limit.sense is Sense.AT_MOST else limit.value - limit.tolerance


def _resolved(tender: Tender, name: str, limit: Limit) -> ResolvedLimit:
    if limit.contract is not None or limit.reference is not None:
        named = tender.parameters[limit.contract] if limit.contract else tender.reference_numbers[limit.reference or ""]
        found = _of_named(named, limit)
    else:
        found = _of_its_own(tender, name, limit)
    if limit.tolerance_contract is None:
        return found
    allowed = tender.parameters[limit.tolerance_contract]
    return ResolvedLimit(
        name=found.name,
        value=found.value,
        unit=found.unit,
        sense=found.sense,
        tolerance=allowed.value,
        source=f"{found.source}; tolerance {allowed.name}: {allowed.source}",
        confidence=max((found.confidence, allowed.confidence), key=_WEAKEST_LAST.index),
    )


def _of_named(item: ContractParameter | ReferenceNumber, limit: Limit) -> ResolvedLimit:
    second = item.second_source if isinstance(item, ReferenceNumber) else None
    return ResolvedLimit(
        name=item.name,
        value=item.value,
        unit=limit.unit or item.unit,
        sense=limit.sense or item.sense,
        tolerance=limit.tolerance,
        source=_source(item.source, second),
        confidence=item.confidence,
    )


def _of_its_own(tender: Tender, name: str, limit: Limit) -> ResolvedLimit:
    read = tender.confirmations.get(name)
    if limit.value is None:
        raise ValueError(f"{name} has no number")
    return ResolvedLimit(
        name=name,
        value=limit.value if read is None else read.value,
        unit=limit.unit or "",
        sense=limit.sense or Sense.AT_MOST,
        tolerance=limit.tolerance,
        source=_source(limit.source, limit.second_source) if read is None else read.source,
        confidence=limit.confidence if read is None else Confidence.CONFIRMED,
    )


def _source(source: str, second: str | None) -> str:
    return f"{source}; and {second}" if second else source
