"""The catalogue: the tender's requirements as data, their limits with sources, and the overlays a client may add."""

from requirement_catalog._catalogue import Catalogue, catalogue_digest, load_catalogue
from requirement_catalog._check import nearest, read_record
from requirement_catalog._model import (
    AppliesWhen,
    Confidence,
    ContractParameter,
    Criterion,
    Feature,
    Limit,
    NeededDocument,
    Obligation,
    PaperAbout,
    PaperKind,
    Phase,
    Provenance,
    ReferenceNumber,
    Requirement,
    Sense,
    Source,
    StandardReference,
    VerifiedBy,
)
from requirement_catalog._resolve import load_tender, resolve_limits
from requirement_catalog._standards import Change, DatedFact, Edition, GridSettingSet, GridValue, Standard
from requirement_catalog._tender import DecisionRule, ResolvedLimit, Tender, Waiver
from requirement_catalog._yaml import CatalogueError, Located, Problem

__all__ = [
    "AppliesWhen",
    "Catalogue",
    "CatalogueError",
    "Change",
    "Confidence",
    "ContractParameter",
    "Criterion",
    "DatedFact",
    "DecisionRule",
    "Edition",
    "Feature",
    "GridSettingSet",
    "GridValue",
    "Limit",
    "Located",
    "NeededDocument",
    "Obligation",
    "PaperAbout",
    "PaperKind",
    "Phase",
    "Problem",
    "Provenance",
    "ReferenceNumber",
    "Requirement",
    "ResolvedLimit",
    "Sense",
    "Source",
    "Standard",
    "StandardReference",
    "Tender",
    "VerifiedBy",
    "Waiver",
    "catalogue_digest",
    "load_catalogue",
    "load_tender",
    "nearest",
    "read_record",
    "resolve_limits",
]
