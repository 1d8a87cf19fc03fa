"""The catalogue: the tender's requirements as data, their limits with sources, and the overlays a client may add."""

from requirement_catalog._model import (
    AppliesWhen,
    Confidence,
    ContractParameter,
    Criterion,
    Limit,
    Obligation,
    Phase,
    Provenance,
    Requirement,
    Sense,
    Source,
    VerifiedBy,
)

__all__ = [
    "AppliesWhen",
    "Confidence",
    "ContractParameter",
    "Criterion",
    "Limit",
    "Obligation",
    "Phase",
    "Provenance",
    "Requirement",
    "Sense",
    "Source",
    "VerifiedBy",
]
