"""Lays a client's overlay over the catalogue and tenders/default.yaml: the tender that a campaign is judged by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._changes import changes_of
from requirement_catalog._check import as_record
from requirement_catalog._model import Confidence, ContractParameter
from requirement_catalog._overlay_rules import broken_overlay, confirmed_name, foreign_keys
from requirement_catalog._tender import Confirmation, Overlay, Tender
from requirement_catalog._yaml import CatalogueError, read_yaml


def load_tender(
    catalogue: Catalogue, overlay: Path | None = None, *, suites: Mapping[str, int] | None = None
) -> Tender:
    """The tender a campaign is judged by: tenders/default.yaml, with the client's overlay on top when there is one.

    `suites` gives each test purpose's and rule's revision by its id, so that a waiver of an unknown one is refused;
    without it their ids need only look like one.

    Raises CatalogueError: file, line, path, what is wrong, what would be right.
    """
    if overlay is None:
        return _tender(catalogue, None, "")
    located = read_yaml(overlay)
    if foreign := list(foreign_keys(located)):
        raise CatalogueError(foreign)
    record = as_record(located, Overlay)
    if problems := list(broken_overlay(catalogue, record, located, suites)):
        raise CatalogueError(problems)
    tender = _tender(catalogue, record, hashlib.sha256(overlay.read_bytes()).hexdigest())
    if not tender.mandatory(catalogue.criteria):
        wrong = "leaves no criterion mandatory before go-live: every charger would be accepted"
        raise located.error("", wrong, "ask for at least one requirement")
    return tender


def _tender(catalogue: Catalogue, overlay: Overlay | None, digest: str) -> Tender:
    default = catalogue.default_tender
    parameters = {p.name: p for p in default.parameters}
    numbers = {n.name: n for n in catalogue.reference_numbers}
    read: dict[str, Confirmation] = {}
    if overlay is not None:
        for name, change in overlay.parameters.items():
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
        obligations={each.of: each for each in overlay.obligations} if overlay else {},
        left_out={each.of: each.reason for each in overlay.leave_out} if overlay else {},
        waivers=tuple(each.waiver() for each in overlay.waivers) if overlay else (),
        changes=(),
        digest=digest,
    )
    return msgspec.structs.replace(tender, changes=changes_of(catalogue, tender)) if overlay else tender


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
