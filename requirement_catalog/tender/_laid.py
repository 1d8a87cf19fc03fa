"""A tender out of the catalogue's defaults and a client's overlay, which must have been found right before."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._limits import own_name
from requirement_catalog._model import Confidence, ContractParameter, Limit
from requirement_catalog.tender._changes import changes_of
from requirement_catalog.tender._overlay import Confirmation, Overlay, PapersAccepted, RuleLimitChange
from requirement_catalog.tender._tender import DefaultTender, Tender


def confirmed_name(catalogue: Catalogue, name: str) -> str:
    """The full name of a criterion's own number: "SC-07.8" has only one and means "SC-07.8 off"."""
    own = own_numbers(catalogue)
    if name in own:
        return name
    of_it = [each for each in own if each.split(" ")[0] == name]
    return of_it[0] if len(of_it) == 1 else name


def own_numbers(catalogue: Catalogue) -> dict[str, Limit]:
    """The limits whose numbers stand with a criterion itself, by "SC-07.8 off"."""
    return {
        own_name(criterion.id, role): limit
        for criterion in catalogue.criteria
        for role, limit in criterion.limits.items()
        if limit.value is not None
    }


def tender_of(
    catalogue: Catalogue,
    overlay: Overlay | None = None,
    digest: str = "",
    rule_limits: Mapping[str, RuleLimitChange] | None = None,
) -> Tender:
    """The tender that an overlay makes, with what it changes of rules; without one, that of tenders/default.yaml."""
    default = catalogue.default_tender
    parameters = {p.name: p for p in default.parameters}
    numbers = {n.name: n for n in catalogue.reference_numbers}
    read: dict[str, Confirmation] = {}
    if overlay is not None:
        for name, change in overlay.parameters.items():
            if name in parameters:
                parameters[name] = _changed(parameters[name], change.value, change.reason, overlay)
        for each in overlay.confirm:
            if each.limit in numbers:
                numbers[each.limit] = msgspec.structs.replace(
                    numbers[each.limit],
                    value=each.value,
                    confidence=Confidence.CONFIRMED,
                    source=each.source,
                    second_source=None,
                    checked_by=each.checked_by,
                )
            else:
                read[confirmed_name(catalogue, each.limit)] = each
    tender = Tender(
        title=overlay.title if overlay else default.title,
        client=overlay.client if overlay else "",
        demo=overlay.demo if overlay else False,
        evaluation_date=overlay.evaluation_date if overlay else None,
        decision_rule=(overlay.decision_rule if overlay else None) or default.decision_rule,
        scope=overlay.scope if overlay else None,
        depth=(overlay.depth if overlay else None) or default.depth,
        parameters=parameters,
        reference_numbers=numbers,
        confirmations=read,
        rule_limits=dict(rule_limits or {}),
        obligations={each.of: each for each in overlay.obligations} if overlay else {},
        left_out={each.of: each.reason for each in overlay.leave_out} if overlay else {},
        papers_accepted={each.of: each.reason for each in _accepted(default, overlay)},
        waivers=tuple(each.waiver() for each in overlay.waivers) if overlay else (),
        changes=(),
        digest=digest,
    )
    return msgspec.structs.replace(tender, changes=changes_of(catalogue, tender)) if overlay else tender


def _accepted(default: DefaultTender, overlay: Overlay | None) -> tuple[PapersAccepted, ...]:
    """For what a paper may take a test's place: the client's list, or the default tender's where it gives none."""
    if overlay is None or overlay.accept_papers_for is None:
        return default.accept_papers_for
    return overlay.accept_papers_for


def _changed(parameter: ContractParameter, value: float, reason: str, overlay: Overlay) -> ContractParameter:
    source, confidence = overlay.agreement
    return msgspec.structs.replace(parameter, value=value, reason=reason, source=source, confidence=confidence)
