"""What must hold across the catalogue's files, beyond the shape of each: ids, names, units and sources fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requirement_catalog._limit_rules import OF_EVERY_READING, broken_limits, number_in_range
from requirement_catalog._model import (
    Confidence,
    ContractParameter,
    Criterion,
    Feature,
    Phase,
    ReferenceNumber,
    Requirement,
    VerifiedBy,
)
from requirement_catalog._standards import Standard
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Located, Problem

BOUND = ("station", "backend", "contractor")
KINDS = {
    "current": ("AC", "DC"),
    "site": ("public", "semi_public", "private"),
    "product": ("station", "backend"),
}
_REQUIREMENT_ID = re.compile(r"(GEN|SC|PR|BI)-\d{2}")
_PARAMETER_NAME = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


@dataclass(frozen=True)
class Files:
    """The catalogue's parts, each with the file it was read from."""

    tables: Sequence[tuple[Sequence[Requirement], Located]]
    features: tuple[Sequence[Feature], Located]
    numbers: tuple[Sequence[ReferenceNumber], Located]
    standards: tuple[Sequence[Standard], Located]
    parameters: tuple[Sequence[ContractParameter], Located]


def broken_rules(files: Files) -> list[Problem]:
    """Every rule that the files break: the tables first, then the lists they draw on."""
    return [*_tables(files), *_names(files)]


def _names(files: Files) -> Iterator[Problem]:
    features, located = files.features
    yield from _twice([f.name for f in features], located, "features", "name")
    numbers, located = files.numbers
    yield from _twice([n.name for n in numbers], located, "numbers", "name")
    for i, number in enumerate(numbers):
        at = f"numbers[{i}]"
        yield from number_in_range(number, located, at)
        if number.confidence is Confidence.CORROBORATED and not number.second_source:
            yield located.problem(at, "is corroborated by one source only", "name the other one as `second_source:`")
    standards, located = files.standards
    yield from _twice([s.name for s in standards], located, "standards", "name")
    known = {r.id for requirements, _ in files.tables for r in requirements}
    for i, standard in enumerate(standards):
        yield from _twice([e.edition for e in standard.editions], located, f"standards[{i}].editions", "edition")
        for k, wanted in enumerate(standard.required_by):
            if wanted not in known:
                at = f"standards[{i}].required_by[{k}]"
                yield located.problem(at, f"no requirement is called {wanted!r}", nearest(wanted, known))
    parameters, located = files.parameters
    yield from _twice([p.name for p in parameters], located, "parameters", "name")
    clash = {p.name for p in parameters} & {n.name for n in numbers}
    for i, parameter in enumerate(parameters):
        at = f"parameters[{i}]"
        if not _PARAMETER_NAME.fullmatch(parameter.name):
            yield located.problem(
                f"{at}.name", f"{parameter.name!r} is no name", "write it as group.name in small letters"
            )
        if parameter.name in clash:
            yield located.problem(f"{at}.name", "is also a reference number", "keep the number in one file")
        yield from number_in_range(parameter, located, at)
    yield from _idle(files)


def _tables(files: Files) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    features = {f.name for f in files.features[0]}
    named = {p.name: p for p in files.parameters[0]}
    numbers = {n.name: n for n in files.numbers[0]}
    standards = {name for s in files.standards[0] for name in (s.name, *s.also_called)}
    criteria = {c.id for requirements, _ in files.tables for r in requirements for c in r.criteria}
    for requirements, located in files.tables:
        for i, requirement in enumerate(requirements):
            at = f"requirements[{i}]"
            yield from _requirement(requirement, located, at, seen)
            for k, criterion in enumerate(requirement.criteria):
                below = f"{at}.criteria[{k}]"
                yield from _criterion_id(requirement, criterion, located, below, seen)
                yield from _criterion(criterion, located, below, features, criteria)
                yield from _documents(criterion, located, below, standards)
                at_limits, gates = f"{below}.limits", criterion.gates
                yield from broken_limits(criterion.limits, located, at_limits, named, numbers, gates=gates)


def _requirement(requirement: Requirement, located: Located, at: str, seen: dict[str, str]) -> Iterator[Problem]:
    if not _REQUIREMENT_ID.fullmatch(requirement.id):
        yield located.problem(f"{at}.id", f"{requirement.id!r} is no requirement id", 'write it like "SC-04"')
    yield from _seen(requirement.id, located, f"{at}.id", seen)
    if not requirement.criteria:
        yield located.problem(at, "has no criteria", "add at least one sentence that is true or false")
    for k, party in enumerate(requirement.binds):
        if party not in BOUND:
            yield located.problem(f"{at}.binds[{k}]", f"{party!r} is not a party", nearest(party, BOUND))
    yield from _kinds(requirement.applies_when, located, f"{at}.applies_when")


def _criterion_id(
    requirement: Requirement, criterion: Criterion, located: Located, at: str, seen: dict[str, str]
) -> Iterator[Problem]:
    number = criterion.id.removeprefix(f"{requirement.id}.")
    if number == criterion.id or not number.isdigit():
        yield located.problem(
            f"{at}.id", f"{criterion.id!r} does not belong to {requirement.id}", f"write {requirement.id}.1"
        )
    yield from _seen(criterion.id, located, f"{at}.id", seen)


def _criterion(
    criterion: Criterion, located: Located, at: str, features: set[str], criteria: set[str]
) -> Iterator[Problem]:
    if criterion.feature and criterion.feature not in features:
        wrong = f"{criterion.feature!r} is not in features.yaml"
        yield located.problem(f"{at}.feature", wrong, nearest(criterion.feature, features))
    if criterion.feature_optional and not criterion.feature:
        yield located.problem(at, "`feature_optional` stands without a feature", "name the `feature:`")
    if criterion.phase is Phase.OPERATION and not criterion.due:
        yield located.problem(at, "can only be proven in operation but has no due date", "add `due:`")
    if criterion.applies_when:
        yield from _kinds(criterion.applies_when, located, f"{at}.applies_when")
    if criterion.documents_of and criterion.documents_of != "all" and criterion.documents_of not in criteria:
        wrong = f"no criterion is called {criterion.documents_of!r}"
        yield located.problem(f"{at}.documents_of", wrong, nearest(criterion.documents_of, criteria))
    by_paper = VerifiedBy.DOCUMENT_REVIEW in (criterion.verified_by, *criterion.also_by)
    if by_paper and not (criterion.documents or criterion.documents_of):
        yield located.problem(at, "is proven by document review but names no document", "add `documents:`")


def _documents(criterion: Criterion, located: Located, at: str, standards: set[str]) -> Iterator[Problem]:
    for k, needed in enumerate(criterion.documents):
        for m, reference in enumerate(needed.standards):
            if reference.standard not in standards:
                where = f"{at}.documents[{k}].standards[{m}].standard"
                wrong = f"{reference.standard!r} is not in standards.yaml"
                yield located.problem(where, wrong, nearest(reference.standard, standards))


def _kinds(applies: object, located: Located, at: str) -> Iterator[Problem]:
    for key, allowed in KINDS.items():
        for k, value in enumerate(getattr(applies, key)):
            if value not in allowed:
                yield located.problem(f"{at}.{key}[{k}]", f"{value!r} is not known", nearest(value, allowed))


def _idle(files: Files) -> Iterator[Problem]:
    """Numbers that no criterion uses: they would be shown, agreed, and change nothing."""
    criteria = [c for requirements, _ in files.tables for r in requirements for c in r.criteria]
    limits = [limit for criterion in criteria for limit in criterion.limits.values()]
    used = {name for x in limits for name in (x.contract, x.reference, x.tolerance_contract)} | {*OF_EVERY_READING}
    named: tuple[tuple[Sequence[str], Located, str], ...] = (
        ([p.name for p in files.parameters[0]], files.parameters[1], "parameters"),
        ([n.name for n in files.numbers[0]], files.numbers[1], "numbers"),
    )
    for names, located, key in named:
        for i, name in enumerate(names):
            if name not in used:
                wrong = f"{name!r} is used by no criterion, so it decides nothing"
                yield located.problem(f"{key}[{i}].name", wrong, "name it under a criterion's `limits:`, or remove it")


def _twice(names: Sequence[str], located: Located, at: str, key: str) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for i, name in enumerate(names):
        yield from _seen(name, located, f"{at}[{i}].{key}", seen)


def _seen(name: str, located: Located, at: str, seen: dict[str, str]) -> Iterator[Problem]:
    here = located.problem(at, f"{name!r} stands here a second time")
    if name in seen:
        yield located.problem(at, f"{name!r} is already used ({seen[name]})", "give it another name")
    seen.setdefault(name, f"{here.file}:{here.line}")
