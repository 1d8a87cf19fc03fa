"""What an overlay may not do: unknown names, numbers out of range, empty signatures, and what others have to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from requirement_catalog._catalogue import Catalogue
from requirement_catalog._limit_rules import senseless, within
from requirement_catalog._model import Confidence
from requirement_catalog._rules import KINDS
from requirement_catalog.purposes._suites import Suites
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Located, Problem
from requirement_catalog.tender._laid import confirmed_name, own_numbers
from requirement_catalog.tender._overlay import Confirmation, Overlay
from requirement_catalog.tender._paper_rules import broken_acceptance
from requirement_catalog.tender._rule_limits import broken_rule_limit, is_of_a_rule, limits_of_rules

_OTHERS = {
    "pixit": "the lab's to say, in the profile's `pixit:`",
    "pco": "the lab's to say, in the profile's `pco:`",
    "bench": "the lab's to say, in the profile's `pco: bench:`",
    "product": "the supplier's to say, in the profile's `product:`",
    "pics": "the supplier's to say, in the profile's `pics:`",
    "disputes": "the supplier's to raise, in the profile",
}


def foreign_keys(located: Located) -> Iterator[Problem]:
    """What a client's file may not set, because it is the lab's or the supplier's to say."""
    for key in located.data if isinstance(located.data, dict) else ():
        if key in _OTHERS:
            yield located.problem(key, f"a tender may not set {key!r}: that is {_OTHERS[key]}", "remove it here")


def broken_overlay(
    catalogue: Catalogue, overlay: Overlay, located: Located, suites: Suites | None
) -> Iterator[Problem]:
    """Everything that is wrong with an overlay, in the order of its parts."""
    yield from _unnamed(overlay, located)
    yield from _parameters(catalogue, overlay, located, suites)
    yield from _confirmations(catalogue, overlay, located)
    yield from _extent(catalogue, overlay, located)
    yield from broken_acceptance(catalogue.requirements, overlay.accept_papers_for or (), located)
    yield from _waivers(catalogue, overlay, located, suites)


def _unnamed(overlay: Overlay, located: Located) -> Iterator[Problem]:
    """A name or a reason without a letter is none: a dash, a space that does not show."""
    said = [("title", overlay.title), ("client", overlay.client)]
    said += [(f"agreed_by[{i}]", name) for i, name in enumerate(overlay.agreed_by)]
    said += [(f"parameters.{name}.reason", each.reason) for name, each in overlay.parameters.items()]
    for i, read in enumerate(overlay.confirm):
        said += [(f"confirm[{i}].edition", read.edition), (f"confirm[{i}].checked_by", read.checked_by)]
    said += [(f"obligations[{i}].reason", each.reason) for i, each in enumerate(overlay.obligations)]
    said += [(f"leave_out[{i}].reason", each.reason) for i, each in enumerate(overlay.leave_out)]
    for i, waiver in enumerate(overlay.waivers):
        said += [(f"waivers[{i}].reason", waiver.reason), (f"waivers[{i}].signed_by", waiver.signed_by)]
    for at, text in said:
        if not any(character.isalnum() for character in text):
            yield located.problem(at, f"{text!r} says nothing", "write a name or a reason that a reader can follow up")


def _parameters(catalogue: Catalogue, overlay: Overlay, located: Located, suites: Suites | None) -> Iterator[Problem]:
    parameters = {p.name: p for p in catalogue.default_tender.parameters}
    for name, change in overlay.parameters.items():
        at = f"parameters.{name}"
        if name in {n.name for n in catalogue.reference_numbers}:
            yield located.problem(at, f"{name} is a standard's number, not a contract's", "confirm it under `confirm:`")
        elif name in {n.name for n in catalogue.method}:
            wrong = f"{name} is a number of our own method (method.yaml), which no tender changes"
            yield located.problem(at, wrong, "leave it out")
        elif suites is not None and is_of_a_rule(suites, name):
            yield from broken_rule_limit(suites, name, change, overlay, located)
        elif name not in parameters:
            known = {*parameters, *(limits_of_rules(suites) if suites is not None and "." in name else ())}
            yield located.problem(at, f"no contract parameter is called {name!r}", nearest(name, known))
        elif parameters[name].confidence is Confidence.CONFIRMED and overlay.demo:
            wrong = "is D5.4's own number; a demonstration may not change it"
            yield located.problem(at, wrong, "leave it out")
        elif not parameters[name].range[0] <= change.value <= parameters[name].range[1]:
            unit, range_ = parameters[name].unit, parameters[name].range
            yield located.problem(f"{at}.value", senseless(change.value, unit), within(range_, unit))


def _confirmations(catalogue: Catalogue, overlay: Overlay, located: Located) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for i, each in enumerate(overlay.confirm):
        at = f"confirm[{i}]"
        if overlay.demo:
            yield located.problem(at, "a demonstration may not confirm a limit", "remove `confirm:`")
        if each.dated > overlay.dated:
            wrong = f"was read after this tender was dated ({overlay.dated})"
            yield located.problem(f"{at}.dated", wrong, "correct one of the two dates")
        yield from _confirmed(catalogue, each, located, at)
        name = confirmed_name(catalogue, each.limit)
        if name in seen:
            yield located.problem(f"{at}.limit", f"{each.limit} is confirmed twice", "keep one")
        seen[name] = i


def _confirmed(catalogue: Catalogue, each: Confirmation, located: Located, at: str) -> Iterator[Problem]:
    numbers = {n.name: n for n in catalogue.reference_numbers}
    own = own_numbers(catalogue)
    criteria = {c.id: c for c in catalogue.criteria}
    name = confirmed_name(catalogue, each.limit)
    if each.limit in {p.name for p in catalogue.default_tender.parameters}:
        wrong = f"{each.limit} is a contract's number: it is agreed, not read in a standard"
        yield located.problem(f"{at}.limit", wrong, "set it under `parameters:`, with `agreed_by:`")
    elif name in own or each.limit in numbers:
        limit = own[name] if name in own else numbers[each.limit]
        unit, range_ = limit.unit or "", limit.range
        if range_ is not None and not range_[0] <= each.value <= range_[1]:
            yield located.problem(f"{at}.value", senseless(each.value, unit), within(range_, unit))
    elif each.limit in criteria:
        of_it = [number for number in own if number.split(" ")[0] == each.limit]
        others = [x.reference for x in criteria[each.limit].limits.values() if x.reference]
        wrong = f"{each.limit} has no number of its own"
        if of_it:
            wrong = f"{each.limit} has {len(of_it)} numbers of its own"
        remedy = "confirm " + " or ".join(repr(x) for x in of_it or others) if of_it or others else "remove it"
        yield located.problem(f"{at}.limit", wrong, remedy)
    else:
        known = {*own, *(n.split(" ")[0] for n in own), *numbers}
        yield located.problem(f"{at}.limit", f"no limit is called {each.limit!r}", nearest(each.limit, known))


def _extent(catalogue: Catalogue, overlay: Overlay, located: Located) -> Iterator[Problem]:
    """What is asked for: known ids, each once, and a scope of known kinds."""
    ids = {*(c.id for c in catalogue.criteria), *(r.id for r in catalogue.requirements)}
    for key, named in (
        ("obligations", [each.of for each in overlay.obligations]),
        ("leave_out", [each.of for each in overlay.leave_out]),
    ):
        for i, of in enumerate(named):
            at = f"{key}[{i}].of"
            if of not in ids:
                yield located.problem(at, f"no requirement or criterion is called {of!r}", nearest(of, ids))
            if of in named[:i]:
                yield located.problem(at, f"{of} stands here twice", "keep one")
    for key, allowed in KINDS.items() if overlay.scope else ():
        for k, value in enumerate(getattr(overlay.scope, key)):
            if value not in allowed:
                yield located.problem(f"scope.{key}[{k}]", f"{value!r} is not known", nearest(value, allowed))


def _waivers(catalogue: Catalogue, overlay: Overlay, located: Located, suites: Suites | None) -> Iterator[Problem]:
    criteria = [c.id for c in catalogue.criteria]
    seen: set[str] = set()
    for i, waiver in enumerate(overlay.waivers):
        at = f"waivers[{i}]"
        key = "criterion" if waiver.criterion is not None else "of"
        if (waiver.of is None) == (waiver.criterion is None):
            yield located.problem(at, "needs the id of what it waives, once", "add `of:` (or `criterion:`, not both)")
            continue
        yield from _waived_id(waiver.id, waiver.revision, located, at, key, criteria, suites)
        if waiver.id in seen:
            yield located.problem(f"{at}.{key}", f"{waiver.id} is waived twice", "keep one waiver")
        seen.add(waiver.id)
        if waiver.until < waiver.dated:
            yield located.problem(f"{at}.until", f"ends before it was signed ({waiver.dated})", "write a later date")


def _waived_id(
    id: str,
    revision: int | None,
    located: Located,
    at: str,
    key: str,
    criteria: Sequence[str],
    suites: Suites | None,
) -> Iterator[Problem]:
    if id in criteria:
        if revision is not None:
            yield located.problem(f"{at}.revision", "a criterion has no revision", "remove it")
        return
    items = suites.items if suites is not None else ()
    item = next((each for each in items if each.id == id), None)
    if item is None:
        kind = "criterion" if key == "criterion" else "criterion, test purpose or rule"
        known = [*criteria, *(each.id for each in items)]
        yield located.problem(f"{at}.{key}", f"no {kind} is called {id!r}", nearest(id, known))
    elif item.retired:
        remedy = f"{item.successor} took its place" if item.successor else "remove the waiver"
        yield located.problem(f"{at}.{key}", f"{id} is retired, so that nothing is judged by it", remedy)
    elif revision is None:
        wrong = f"{id} may change its meaning, and nothing says which one was waived"
        yield located.problem(at, wrong, f"add `revision: {item.revision}`, if that is what was signed")
    elif revision != item.revision:
        wrong = f"waives revision {revision} of {id}, which is at revision {item.revision} now: its meaning has changed"
        yield located.problem(f"{at}.revision", wrong, "read it again, and sign anew or remove the waiver")
