"""Lays a client's overlay over the catalogue and tenders/default.yaml: the tender that a campaign is judged by."""

from __future__ import annotations

import hashlib
from pathlib import Path

from plain_files import octets_of
from requirement_catalog._catalogue import Catalogue
from requirement_catalog.purposes._suites import Suites, load_suites
from requirement_catalog.reading._check import as_record
from requirement_catalog.reading._yaml import MOST_BYTES, CatalogueError, read_yaml
from requirement_catalog.tender._laid import tender_of
from requirement_catalog.tender._overlay import Overlay
from requirement_catalog.tender._overlay_rules import broken_overlay, foreign_keys
from requirement_catalog.tender._rule_limits import changed_limits
from requirement_catalog.tender._scope import that_can_apply
from requirement_catalog.tender._tender import Tender


def load_tender(catalogue: Catalogue, overlay: Path | None = None, *, suites: Suites | None = None) -> Tender:
    """The tender a campaign is judged by: tenders/default.yaml, with the client's overlay on top when there is one.

    A waiver of a test purpose or rule, and a number for a rule's limit, is held against `suites` (default: those that
    ship with chargeproof).

    Raises CatalogueError: file, line, path, what is wrong, what would be right.
    """
    if overlay is None:
        return tender_of(catalogue)
    located = read_yaml(overlay)
    if foreign := list(foreign_keys(located)):
        raise CatalogueError(foreign)
    record = as_record(located, Overlay)
    contract = {parameter.name for parameter in catalogue.default_tender.parameters}
    of_suites = record.waivers or not record.parameters.keys() <= contract
    held = load_suites() if suites is None and of_suites else suites
    if problems := list(broken_overlay(catalogue, record, located, held)):
        raise CatalogueError(problems)
    digest = hashlib.sha256(octets_of(overlay, most=MOST_BYTES)).hexdigest()
    tender = tender_of(catalogue, record, digest, changed_limits(record, held))
    if not that_can_apply(catalogue, tender, tender.mandatory(catalogue.criteria)):
        wrong = "leaves no criterion mandatory before go-live: every charger would be accepted"
        raise located.error("", wrong, "ask for at least one requirement")
    return tender
