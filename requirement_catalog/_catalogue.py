"""Loads the catalogue's files into one frozen object and refuses what does not fit together."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from requirement_catalog._method import METHOD, MethodFile, OwnNumber, broken_method
from requirement_catalog._model import Criterion, Feature, NeededDocument, ReferenceNumber, Requirement
from requirement_catalog._rules import Files, broken_rules
from requirement_catalog._standards import GridSettingSet, Standard
from requirement_catalog.reading._check import nearest, read_record
from requirement_catalog.reading._yaml import CatalogueError, Located, Problem
from requirement_catalog.tender._paper_rules import broken_acceptance
from requirement_catalog.tender._tender import DefaultTender

TABLES = ("generic", "smart_charging", "private", "bidirectional")


class RequirementFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of D5.4 Annex 1."""

    title: str
    note: str | None = None
    requirements: tuple[Requirement, ...]


class FeatureFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """features.yaml: what a supplier declares about a product."""

    title: str
    features: tuple[Feature, ...]


class ReferenceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """reference_numbers.yaml: numbers that standards fix."""

    title: str
    numbers: tuple[ReferenceNumber, ...]


class StandardsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """standards.yaml: editions and dates."""

    title: str
    note: str | None = None
    standards: tuple[Standard, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything the tender documents ask, in reading order. Look-ups raise KeyError with the nearest known id."""

    requirements: tuple[Requirement, ...]
    features: tuple[Feature, ...]
    reference_numbers: tuple[ReferenceNumber, ...]
    standards: tuple[Standard, ...]
    grid_settings: tuple[GridSettingSet, ...]
    default_tender: DefaultTender
    method: tuple[OwnNumber, ...] = ()
    _requirement: MappingProxyType[str, Requirement] = field(init=False, repr=False, compare=False)
    _criterion: MappingProxyType[str, Criterion] = field(init=False, repr=False, compare=False)
    _owner: MappingProxyType[str, Requirement] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pairs = [(c, r) for r in self.requirements for c in r.criteria]
        object.__setattr__(self, "_requirement", MappingProxyType({r.id: r for r in self.requirements}))
        object.__setattr__(self, "_criterion", MappingProxyType({c.id: c for c, _ in pairs}))
        object.__setattr__(self, "_owner", MappingProxyType({c.id: r for c, r in pairs}))

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in reading order."""
        return tuple(self._criterion.values())

    def requirement(self, id: str) -> Requirement:
        """The requirement "SC-04". Raises KeyError."""
        if id not in self._requirement:
            raise KeyError(f"no requirement is called {id!r}; {nearest(id, self._requirement, show_all=30)}")
        return self._requirement[id]

    def criterion(self, id: str) -> Criterion:
        """The criterion "SC-04.2". Raises KeyError."""
        if id not in self._criterion:
            raise KeyError(f"no criterion is called {id!r}; {nearest(id, self._criterion)}")
        return self._criterion[id]

    def requirement_of(self, criterion_id: str) -> Requirement:
        """The requirement a criterion belongs to. Raises KeyError."""
        return self._owner[self.criterion(criterion_id).id]

    def documents_for(self, criterion_id: str) -> tuple[NeededDocument, ...]:
        """The papers that prove a criterion, its own or those it borrows; () when no paper can, or for "all"."""
        criterion = self.criterion(criterion_id)
        if criterion.documents_of and criterion.documents_of != "all":
            return criterion.documents + self.criterion(criterion.documents_of).documents
        return criterion.documents

    def standard(self, name: str) -> Standard | None:
        """A standard by its name or one of its other names."""
        wanted = name.casefold()
        for each in self.standards:
            if wanted == each.name.casefold() or wanted in (other.casefold() for other in each.also_called):
                return each
        return None


def load_catalogue(root: Path | None = None) -> Catalogue:
    """Read the catalogue under `root` (default: the one that ships with chargeproof, read once for each process).

    Raises CatalogueError: a line a problem, each with file, line, YAML path, what is wrong and what would be right.
    """
    return _shipped() if root is None else _load(root)


@functools.cache
def _shipped() -> Catalogue:
    return _load(Path(__file__).parent)


def _load(folder: Path) -> Catalogue:
    tables: list[tuple[RequirementFile, Located]] = []
    problems: list[Problem] = []

    def read(relative: str, kind: type[Any]) -> tuple[Any, Located] | None:
        try:
            return read_record(folder / relative, kind, relative)
        except CatalogueError as error:
            problems.extend(error.problems)
            return None

    for table in TABLES:
        if (found := read(f"d5_4/{table}.yaml", RequirementFile)) is not None:
            tables.append(found)
    features = read("features.yaml", FeatureFile)
    numbers = read("reference_numbers.yaml", ReferenceFile)
    standards = read("standards.yaml", StandardsFile)
    method = read(METHOD, MethodFile)
    tender = read("tenders/default.yaml", DefaultTender)
    grids = [
        read(f"grid_settings/{path.name}", GridSettingSet) for path in sorted((folder / "grid_settings").glob("*.yaml"))
    ]
    if features is None or numbers is None or standards is None or method is None or tender is None or problems:
        raise CatalogueError(problems)
    broken = broken_rules(
        Files(
            tables=[(file.requirements, located) for file, located in tables],
            features=(features[0].features, features[1]),
            numbers=(numbers[0].numbers, numbers[1]),
            standards=(standards[0].standards, standards[1]),
            parameters=(tender[0].parameters, tender[1]),
        )
    )
    requirements = [r for file, _ in tables for r in file.requirements]
    broken += broken_acceptance(requirements, tender[0].accept_papers_for, tender[1])
    broken += broken_method(method[0].numbers, method[1])
    if broken:
        raise CatalogueError(broken)
    return Catalogue(
        requirements=tuple(r for file, _ in tables for r in file.requirements),
        features=features[0].features,
        reference_numbers=numbers[0].numbers,
        standards=standards[0].standards,
        grid_settings=tuple(found[0] for found in grids if found is not None),
        default_tender=tender[0],
        method=method[0].numbers,
    )


def sample_documents() -> Path:
    """The folder of sample papers that ship with the catalogue, for the emulated charger only."""
    return Path(__file__).parent / "samples" / "documents"


def catalogue_digest(catalogue: Catalogue) -> str:
    """SHA-256 (hex) of the catalogue's content in canonical form; comments and layout of the files do not count."""
    content = {
        "requirements": catalogue.requirements,
        "features": catalogue.features,
        "reference_numbers": catalogue.reference_numbers,
        "standards": catalogue.standards,
        "grid_settings": catalogue.grid_settings,
        "default_tender": catalogue.default_tender,
        "method": catalogue.method,
    }
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
