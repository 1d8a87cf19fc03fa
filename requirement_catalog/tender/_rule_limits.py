"""A client's own numbers for the limits of rules: "OCPP-G03.R004 told" under an overlay's `parameters:`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from requirement_catalog._limit_rules import senseless, within
from requirement_catalog._model import Confidence
from requirement_catalog.purposes._suite_model import Rule, RuleLimit
from requirement_catalog.purposes._suites import Suites
from requirement_catalog.reading._yaml import Located, Problem
from requirement_catalog.tender._overlay import Overlay, ParameterChange, RuleLimitChange


def limits_of_rules(suites: Suites) -> dict[str, tuple[Rule, RuleLimit]]:
    """Every limit of every rule in force, by its full name: "OCPP-G03.R004 told"."""
    return {f"{rule.id} {role}": (rule, limit) for rule in suites.rules for role, limit in rule.limits.items()}


def full_name(suites: Suites, name: str) -> str:
    """The full name of a rule's limit: "OCPP-G03.R004" has only one and means "OCPP-G03.R004 told"."""
    known = limits_of_rules(suites)
    of_it = [each for each in known if each.split(" ")[0] == name]
    return of_it[0] if name not in known and len(of_it) == 1 else name


def is_of_a_rule(suites: Suites | None, name: str) -> bool:
    """Whether a name under `parameters:` begins with a rule's id, one that is retired included."""
    ids = {item.id for item in suites.items if isinstance(item, Rule)} if suites is not None else set()
    return name.split(" ")[0] in ids


def changed_limits(overlay: Overlay, suites: Suites | None) -> dict[str, RuleLimitChange]:
    """What the overlay changes of rules, by the limit's full name; it must have been found right before."""
    if suites is None:
        return {}
    known, (source, confidence) = limits_of_rules(suites), overlay.agreement
    changed = {full_name(suites, n): each for n, each in overlay.parameters.items() if is_of_a_rule(suites, n)}
    return {
        full: RuleLimitChange(
            was=known[full][1],
            now=msgspec.structs.replace(known[full][1], value=each.value, source=source, confidence=confidence),
            reason=each.reason,
        )
        for full, each in changed.items()
    }


def broken_rule_limit(
    suites: Suites, name: str, change: ParameterChange, overlay: Overlay, located: Located
) -> Iterator[Problem]:
    """What is wrong with one change: the rule is retired, it has no such limit, or the number makes no sense."""
    at, known = f"parameters.{name}", limits_of_rules(suites)
    rule, full = suites.rule(name.split(" ")[0]), full_name(suites, name)
    roles = [each for each in known if each.split(" ")[0] == rule.id]
    if rule.retired:
        remedy = f"{rule.successor} took its place" if rule.successor else "remove it"
        yield located.problem(at, f"{rule.id} is retired, so that nothing is judged by it", remedy)
    elif full not in known:
        wrong = (
            f"{rule.id} has {len(roles) or 'no'} limits of its own"
            if name == rule.id
            else f"no limit is called {name!r}"
        )
        remedy = "set " + " or ".join(repr(each) for each in roles) if roles else "remove it"
        yield located.problem(at, wrong, remedy)
    elif known[full][1].confidence is not Confidence.CONTRACT_DEFAULT:
        wrong = f"{full} is a standard's number, not a contract's"
        yield located.problem(at, wrong, "leave it out: nobody but the standard changes it")
    elif not (range_ := known[full][1].range)[0] <= change.value <= range_[1]:
        unit = known[full][1].unit
        yield located.problem(f"{at}.value", senseless(change.value, unit), within(range_, unit))
    elif any(full_name(suites, other) == full for other in list(overlay.parameters)[: _place(overlay, name)]):
        yield located.problem(at, f"{full} stands here twice", "keep one")


def _place(overlay: Overlay, name: str) -> int:
    return list(overlay.parameters).index(name)
