"""References of suites: to the catalogue's criteria, limits and features, and from one purpose or rule to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._limit_rules import broken_limits
from requirement_catalog._limits import limits_of_purpose, resolve_limits
from requirement_catalog._model import ContractParameter, ReferenceNumber
from requirement_catalog.purposes._pics import ExpressionError, parse
from requirement_catalog.purposes._suite_model import Purpose, Rule
from requirement_catalog.purposes._suite_rules import Loaded
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Located, Problem
from requirement_catalog.tender._laid import tender_of
from requirement_catalog.tender._tender import ResolvedLimit


@dataclass(frozen=True)
class Known:
    """What the catalogue knows: each criterion's limits by role, the numbers these draw on, the features' names."""

    limits: Mapping[str, Mapping[str, ResolvedLimit]]
    parameters: Mapping[str, ContractParameter]
    numbers: Mapping[str, ReferenceNumber]
    features: Set[str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Known:
        """A catalogue's own, by its default tender."""
        tender = tender_of(catalogue)
        resolved = resolve_limits(catalogue, tender)
        limits = {c.id: resolved.get(c.id, {}) for c in catalogue.criteria}
        return cls(limits, tender.parameters, tender.reference_numbers, {f.name for f in catalogue.features})


def broken_references(loaded: Sequence[Loaded], known: Known | None) -> Iterator[Problem]:
    """Every reference that leads nowhere; without `known`, only whether the PICS expressions can be read."""
    for each in loaded:
        for item, at in each.items():
            yield from _expression(item, each.located, at, known)
            if known is not None:
                yield from _serves(item, each.located, at, known)
    if known is not None:
        yield from _between(loaded)


def _expression(item: Purpose | Rule, located: Located, at: str, known: Known | None) -> Iterator[Problem]:
    try:
        parse(item.applies, known.features if known else None)
    except ExpressionError as error:
        wrong = f"{item.applies!r}, column {error.column}: {error.wrong}"
        yield located.problem(f"{at}.applies", wrong, error.right)


def _serves(item: Purpose | Rule, located: Located, at: str, known: Known) -> Iterator[Problem]:
    for k, serves in enumerate(item.serves):
        if serves.criterion not in known.limits:
            wrong = f"no criterion is called {serves.criterion!r}"
            yield located.problem(f"{at}.serves[{k}].criterion", wrong, nearest(serves.criterion, known.limits))
    if isinstance(item, Purpose) and all(s.criterion in known.limits for s in item.serves):
        yield from _roles(item, located, at, known)


def _roles(purpose: Purpose, located: Located, at: str, known: Known) -> Iterator[Problem]:
    """Its limits by role: those of its criteria must agree in kind, and a wait must be for one of them."""
    yield from broken_limits(purpose.limits, located, f"{at}.limits", known.parameters, known.numbers, gates=False)
    criteria = [s.criterion for s in purpose.serves]
    roles = {role for criterion in criteria for role in known.limits[criterion]} | set(purpose.limits)
    try:
        limits_of_purpose(criteria, known.limits)
    except ValueError as error:
        yield located.problem(f"{at}.serves", str(error), "serve them by two purposes")
    for role in purpose.cost.waits:
        if role not in roles:
            wrong = f"{role!r} is no role of a limit of its criteria ({', '.join(criteria) or 'it serves none'})"
            right = nearest(role, roles) if roles else "take it out"
            yield located.problem(f"{at}.cost.waits.{role}", wrong, right)


def _between(loaded: Sequence[Loaded]) -> Iterator[Problem]:
    """References from one purpose or rule to another."""
    purposes = {p.id: p for each in loaded for p in each.file.purposes}
    rules = {r.id: r for each in loaded for r in each.file.rules}
    for each in loaded:
        for i, purpose in enumerate(each.file.purposes):
            at = f"purposes[{i}]"
            yield from _named(purpose.exercises, rules, "rule", each.located, f"{at}.exercises")
            yield from _successor(purpose, purposes, each.located, at)
            yield from _instead_of(purpose, purposes, each.located, at)
            yield from _controlled_by(purpose, purposes, each.located, at)
        for i, rule in enumerate(each.file.rules):
            at = f"rules[{i}]"
            yield from _named(rule.exercised_by, purposes, "purpose", each.located, f"{at}.exercised_by")
            yield from _successor(rule, rules, each.located, at)
            if rule.proof is not None:
                known = {**purposes, **rules}
                yield from _named(rule.proof.turns_red, known, "purpose or rule", each.located, f"{at}.proof.turns_red")


def _named(ids: Sequence[str], known: Mapping[str, object], what: str, located: Located, at: str) -> Iterator[Problem]:
    for k, id in enumerate(ids):
        if id not in known:
            yield located.problem(f"{at}[{k}]", f"no {what} is called {id!r}", nearest(id, known))


def _successor(
    item: Purpose | Rule, alike: Mapping[str, Purpose] | Mapping[str, Rule], located: Located, at: str
) -> Iterator[Problem]:
    if item.successor is None:
        return
    if item.successor not in alike:
        wrong = f"nothing is called {item.successor!r}"
        yield located.problem(f"{at}.successor", wrong, nearest(item.successor, alike))
    elif _leads_back(item.id, {id: (each.successor,) if each.successor else () for id, each in alike.items()}):
        yield located.problem(f"{at}.successor", "leads back to itself", "name what came after it")


def _instead_of(item: Purpose, purposes: Mapping[str, Purpose], located: Located, at: str) -> Iterator[Problem]:
    criteria = {s.criterion for s in item.serves}
    for k, other in enumerate(item.instead_of):
        where = f"{at}.instead_of[{k}]"
        if other not in purposes:
            yield located.problem(where, f"no purpose is called {other!r}", nearest(other, purposes))
        elif purposes[other].retired and not item.retired:
            right = f"name what came after it: {purposes[other].successor}"
            yield located.problem(where, f"{other!r} is retired", right)
        elif not criteria & {s.criterion for s in purposes[other].serves}:
            wrong = f"{other!r} serves another criterion, so nothing can stand in for it here"
            right = f"name a purpose that serves {', '.join(sorted(criteria)) or 'what this one serves'}"
            yield located.problem(where, wrong, right)
    if _leads_back(item.id, {id: each.instead_of for id, each in purposes.items()}):
        yield located.problem(f"{at}.instead_of", f"leads back to {item.id!r}", "let one of the two stand in, not both")


def _controlled_by(item: Purpose, purposes: Mapping[str, Purpose], located: Located, at: str) -> Iterator[Problem]:
    """A control runs wherever what it controls runs, so that it must be living, of the same role and no deeper."""
    for k, other in enumerate(item.controlled_by):
        where, control = f"{at}.controlled_by[{k}]", purposes.get(other)
        if control is None:
            yield located.problem(where, f"no purpose is called {other!r}", nearest(other, purposes))
        elif control.retired and not item.retired:
            yield located.problem(where, f"{other!r} is retired", f"name what came after it: {control.successor}")
        elif control.role != item.role:
            wrong = f"{other!r} is for a {control.role}, and {item.id!r} for a {item.role}"
            yield located.problem(where, wrong, "name a purpose that the same product can run")
        elif not item.depth.includes(control.depth):
            wrong = f"{other!r} is of depth {control.depth}, so that it does not run at {item.depth}"
            yield located.problem(where, wrong, f"let it be of depth {item.depth}, or this one of {control.depth}")
    if _leads_back(item.id, {id: each.controlled_by for id, each in purposes.items()}):
        wrong = f"leads back to {item.id!r}"
        yield located.problem(f"{at}.controlled_by", wrong, "let the control stand by itself")


def _leads_back(start: str, edges: Mapping[str, Sequence[str]]) -> bool:
    ahead, seen = list(edges.get(start, ())), set[str]()
    while ahead:
        each = ahead.pop()
        if each == start:
            return True
        if each not in seen:
            seen.add(each)
            ahead.extend(edges.get(each, ()))
    return False
