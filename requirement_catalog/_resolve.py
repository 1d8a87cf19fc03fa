"""Lays a client's overlay over the catalogue and works out each limit with its source and confidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._check import nearest, read_record
from requirement_catalog._model import Confidence, ContractParameter, Criterion, ReferenceNumber
from requirement_catalog._rules import KINDS
from requirement_catalog._tender import Confirmation, Overlay, ResolvedLimit, Tender
from requirement_catalog._yaml import CatalogueError, Located, Problem

_WEAKEST_LAST = (
    Confidence.CONFIRMED,
    Confidence.CONTRACT_DEFAULT,
    Confidence.CORROBORATED,
    Confidence.SECONDARY,
    Confidence.RECALLED,
)


def load_tender(catalogue: Catalogue, overlay: Path | None = None) -> Tender:
    """The tender a campaign is judged by: tenders/default.yaml, with the client's overlay on top when there is one.

    Raises CatalogueError: file, line, path, what is wrong, what would be right.
    """
    if overlay is None:
        return _tender(catalogue, None, "")
    record, located = read_record(overlay, Overlay)
    problems = list(_broken(catalogue, record, located))
    if problems:
        raise CatalogueError(problems)
    return _tender(catalogue, record, hashlib.sha256(overlay.read_bytes()).hexdigest())


def resolve_limits(catalogue: Catalogue, tender: Tender) -> dict[str, ResolvedLimit]:
    """Every limit by name: criterion ids that have one, contract parameters and reference numbers."""
    resolved: dict[str, ResolvedLimit] = {}
    for parameter in tender.parameters.values():
        resolved[parameter.name] = _named(parameter)
    for number in tender.reference_numbers.values():
        resolved[number.name] = _named(number)
    for criterion in catalogue.criteria:
        if criterion.limit is not None:
            resolved[criterion.id] = _of_criterion(criterion, tender)
    return resolved


def _tender(catalogue: Catalogue, overlay: Overlay | None, digest: str) -> Tender:
    default = catalogue.default_tender
    parameters = {p.name: p for p in default.parameters}
    numbers = {n.name: n for n in catalogue.reference_numbers}
    if overlay is not None:
        for name, change in overlay.parameters.items():
            parameters[name] = _changed(parameters[name], change.value, change.reason, overlay)
        for each in overlay.confirm:
            if each.limit in parameters:
                parameters[each.limit] = msgspec.structs.replace(parameters[each.limit], **_confirmed(each))
            elif each.limit in numbers:
                numbers[each.limit] = msgspec.structs.replace(
                    numbers[each.limit], second_source=None, **_confirmed(each)
                )
    return Tender(
        title=overlay.title if overlay else default.title,
        client=overlay.client if overlay else "",
        demo=overlay.demo if overlay else False,
        evaluation_date=overlay.evaluation_date if overlay else None,
        decision_rule=(overlay.decision_rule if overlay else None) or default.decision_rule,
        scope=overlay.scope if overlay else None,
        parameters=parameters,
        reference_numbers=numbers,
        confirmations={each.limit: each for each in overlay.confirm} if overlay else {},
        obligations={each.of: each for each in overlay.obligations} if overlay else {},
        left_out={each.of: each.reason for each in overlay.leave_out} if overlay else {},
        waivers=overlay.waivers if overlay else (),
        digest=digest,
    )


def _confirmed(each: Confirmation) -> dict[str, Any]:
    return {
        "value": each.value,
        "confidence": Confidence.CONFIRMED,
        "source": f"{each.edition}, read by {each.checked_by} on {each.dated}",
        "checked_by": each.checked_by,
    }


def _changed(parameter: ContractParameter, value: float, reason: str, overlay: Overlay) -> ContractParameter:
    """A client's number is confirmed only when the overlay says who agreed it; a demonstration's never is."""
    agreed = bool(overlay.agreed_by) and not overlay.demo
    if agreed:
        source = f"tender {overlay.title!r} of {overlay.client}, agreed by {', '.join(overlay.agreed_by)}"
    elif overlay.demo:
        source = f"demonstration value of {overlay.title!r}, agreed by nobody"
    else:
        source = f"proposed in tender {overlay.title!r} of {overlay.client}, not yet agreed"
    confidence = Confidence.CONFIRMED if agreed else Confidence.CONTRACT_DEFAULT
    return msgspec.structs.replace(parameter, value=value, reason=reason, source=source, confidence=confidence)


def _broken(catalogue: Catalogue, overlay: Overlay, located: Located) -> Iterator[Problem]:
    parameters = {p.name: p for p in catalogue.default_tender.parameters}
    numbers = {n.name for n in catalogue.reference_numbers}
    criteria = {c.id: c for c in catalogue.criteria}
    ids = {*criteria, *(r.id for r in catalogue.requirements)}
    own_limit = {c.id for c in criteria.values() if c.limit and c.limit.value is not None}
    for name in overlay.parameters:
        at = f"parameters.{name}"
        if name not in parameters:
            yield located.problem(at, f"no contract parameter is called {name!r}", nearest(name, parameters))
        elif parameters[name].confidence is Confidence.CONFIRMED and overlay.demo:
            yield located.problem(at, "is D5.4's own number; a demonstration may not change it", "leave it out")
        elif overlay.parameters[name].value < 0:
            yield located.problem(f"{at}.value", "is negative", "write a number of at least 0")
    for i, each in enumerate(overlay.confirm):
        at = f"confirm[{i}].limit"
        if overlay.demo:
            yield located.problem(f"confirm[{i}]", "a demonstration may not confirm a limit", "remove `confirm:`")
        if each.limit in criteria and each.limit not in own_limit:
            limit = criteria[each.limit].limit
            remedy = f"confirm {limit.contract!r}" if limit else "remove it"
            yield located.problem(at, f"{each.limit} has no number of its own", remedy)
        elif each.limit not in own_limit | numbers | set(parameters):
            known = own_limit | numbers | set(parameters)
            yield located.problem(at, f"no limit is called {each.limit!r}", nearest(each.limit, known))
    named = [("obligations", i, each.of) for i, each in enumerate(overlay.obligations)]
    named += [("leave_out", i, each.of) for i, each in enumerate(overlay.leave_out)]
    for key, i, of in named:
        if of not in ids:
            yield located.problem(f"{key}[{i}].of", f"no requirement or criterion is called {of!r}", nearest(of, ids))
    yield from _broken_waivers(overlay, located, set(criteria))
    if overlay.scope:
        for key, allowed in KINDS.items():
            for k, value in enumerate(getattr(overlay.scope, key)):
                if value not in allowed:
                    yield located.problem(f"scope.{key}[{k}]", f"{value!r} is not known", nearest(value, allowed))


def _broken_waivers(overlay: Overlay, located: Located, criteria: set[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, waiver in enumerate(overlay.waivers):
        at = f"waivers[{i}]"
        if waiver.criterion not in criteria:
            wrong = f"no criterion is called {waiver.criterion!r}"
            yield located.problem(f"{at}.criterion", wrong, nearest(waiver.criterion, criteria))
        if waiver.criterion in seen:
            yield located.problem(f"{at}.criterion", f"{waiver.criterion} is waived twice", "keep one waiver")
        seen.add(waiver.criterion)
        if waiver.until < waiver.dated:
            yield located.problem(f"{at}.until", f"ends before it was signed ({waiver.dated})", "write a later date")


def _named(item: ContractParameter | ReferenceNumber) -> ResolvedLimit:
    return ResolvedLimit(
        name=item.name,
        value=item.value,
        unit=item.unit,
        sense=item.sense,
        source=_source(item.source, item.second_source if isinstance(item, ReferenceNumber) else None),
        confidence=item.confidence,
    )


def _of_criterion(criterion: Criterion, tender: Tender) -> ResolvedLimit:
    limit = criterion.limit
    assert limit is not None
    confidences = []
    confirmed = tender.confirmations.get(criterion.id)
    if limit.contract is not None:
        parameter = tender.parameters[limit.contract]
        value, source = parameter.value, f"{parameter.name}: {parameter.source}"
        confidences.append(parameter.confidence)
    elif confirmed is not None:
        value, source = confirmed.value, f"{confirmed.edition}, read by {confirmed.checked_by} on {confirmed.dated}"
        confidences.append(Confidence.CONFIRMED)
    else:
        value, source = limit.value or 0.0, _source(limit.source, limit.second_source)
        confidences.append(limit.confidence)
    tolerance = limit.tolerance
    if limit.tolerance_contract is not None:
        allowed = tender.parameters[limit.tolerance_contract]
        tolerance = allowed.value
        source = f"{source}; tolerance {allowed.name}: {allowed.source}"
        confidences.append(allowed.confidence)
    return ResolvedLimit(
        name=criterion.id,
        value=value,
        unit=limit.unit,
        sense=limit.sense,
        tolerance=tolerance,
        source=source,
        confidence=max(confidences, key=_WEAKEST_LAST.index),
    )


def _source(source: str, second: str | None) -> str:
    return f"{source}; and {second}" if second else source
