"""chargeproof catalog suites, list --suite, show: the test purposes and rules, and what each is worth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from harness.cli._say import Door, refuse
from harness.cli.catalogue._words import counted
from harness.proofs import known_judges, state_of
from requirement_catalog import (
    CatalogueError,
    Depth,
    Needs,
    Proof,
    Purpose,
    ResolvedLimit,
    Rule,
    Suites,
    Tender,
    check_judges,
    limits_of_purpose,
    load_suites,
    nearest,
    read_proofs,
)
from requirement_catalog.export import limit_in_words, role_in_words

_MOST_NAMED = 10
_SUITE_ID = re.compile(r"[A-Z0-9]+-[A-Z0-9_]+\.[PR]\d+")


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), help="A catalogue's folder (default: the shipped one).")
def suites(folder: Path | None) -> None:
    """Check all suites, and count their purposes by depth and by what they are worth."""
    loaded, proofs = load_checked(folder)
    names = dict.fromkeys(loaded.suite_of(item.id) for item in loaded.items)
    for suite in names:
        purposes = [p for p in loaded.purposes if loaded.suite_of(p.id) == suite]
        rules = sum(1 for r in loaded.rules if loaded.suite_of(r.id) == suite)
        depths = Counter(p.depth for p in purposes)
        parts = ", ".join(f"{depths[depth]} {depth.value}" for depth in Depth if depths[depth])
        ruled = f"; {counted(rules, 'rule')}" if rules else ""
        found = f"{counted(len(purposes), 'purpose')} ({parts}){ruled}"
        Door().line("{}", f"{suite:12} {found}; {proven_in_words(purposes, proofs)}")
    total = counted(len(loaded.purposes), "purpose")
    Door().line("{}", f"{total} and {counted(len(loaded.rules), 'rule')} in {counted(len(names), 'suite')}")


def load_checked(folder: Path | None = None) -> tuple[Suites, Mapping[str, Proof]]:
    """The suites, whose judges all exist, and their proofs; exits with 2 and file and line where something is wrong."""
    try:
        loaded = load_suites(folder)
        check_judges(loaded, known_judges())
        return loaded, read_proofs(folder / "suites" / "proofs.csv" if folder else None)
    except CatalogueError as error:
        refuse(str(error))


def proven_in_words(items: Sequence[Purpose | Rule], proofs: Mapping[str, Proof]) -> str:
    """ "12 proven, 1 stale, 3 unproven"."""
    found = Counter(state_of(item, proofs) for item in items)
    return ", ".join(f"{found[state]} {state}" for state in ("proven", "stale", "unproven") if found[state])


def list_suite(suite: str) -> None:
    """The purposes and rules of one suite, a line each."""
    loaded, proofs = load_checked()
    living: tuple[Purpose | Rule, ...] = (*loaded.purposes, *loaded.rules)
    items = [item for item in living if loaded.suite_of(item.id) == suite]
    if not items:
        refuse(f"no suite is called {suite!r}; {nearest(suite, {loaded.suite_of(i.id) for i in loaded.items})}")
    for item in items:
        Door().line(
            "{}", f"{item.id:15} [{item.depth.value}, {state_of(item, proofs)}] {item.statement} ({_serves(item)})"
        )


def purposes_of(criterion: str) -> str:
    """The purposes and rules that serve a criterion; the first of them by name where they are many."""
    loaded, _ = load_checked()
    living: tuple[Purpose | Rule, ...] = (*loaded.purposes, *loaded.rules)
    names = [item.id for item in living if any(s.criterion == criterion for s in item.serves)]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def is_suite_id(id: str) -> bool:
    """Whether it looks like a purpose's or a rule's id."""
    return _SUITE_ID.fullmatch(id) is not None


def show_item(id: str, limits: Mapping[str, Mapping[str, ResolvedLimit]], tender: Tender) -> None:
    """One purpose or rule with everything that is known of it, and its limits as the tender has them."""
    loaded, proofs = load_checked()
    known = {item.id.upper(): item for item in loaded.items}
    if id not in known:
        refuse(f"no purpose or rule is called {id!r}; {nearest(id, known)}")
    item = known[id]
    Door().line("{}", f"{item.id}  {item.statement}")
    facts = {
        "where": f"{loaded.place(item.id)}, revision {item.revision}",
        "retired; see": item.successor,
        "serves": _serves(item),
        "answers to": ", ".join(item.answers_to),
        "applies": f"{item.applies}; {item.conformance.value} by the standard; under test: {item.role}",
        "OCPP": ", ".join(item.versions) or "any version, once",
        "depth": item.depth.value,
        "in dispute": item.dispute,
        **(_of_purpose(item, proofs) if isinstance(item, Purpose) else _of_rule(item, proofs)),
    }
    for name, value in facts.items():
        if value:
            Door().line("{}", f"    {name}: {value}")
    if isinstance(item, Purpose):
        for role, limit in limits_of_purpose([s.criterion for s in item.serves], limits).items():
            text = f"{limit_in_words(limit)} - {limit.confidence.value}: {limit.source}"
            Door().line("{}", f"    {role_in_words(role)}: {text}")
        return
    for role, number in tender.limits_of(item).items():
        text = f"{number.value:g} {number.unit} (from {number.range[0]:g} to {number.range[1]:g} {number.unit})"
        Door().line("{}", f"    {role_in_words(role)}: {text} - {number.confidence.value}: {number.source}")


def _of_purpose(purpose: Purpose, proofs: Mapping[str, Proof]) -> dict[str, str | None]:
    waits = " and ".join(f"{count} × {role}" for role, count in purpose.cost.waits.items())
    return {
        "services": ", ".join(purpose.services),
        "directions": ", ".join(purpose.directions),
        "needs": _needs(purpose.needs),
        "before": ", ".join(purpose.before),
        "a person has to": None if purpose.hands.value == "none" else purpose.hands.value,
        "takes": f"{purpose.cost.own_s:g} s" + (f" and {waits}" if waits else ""),
        "disruptive": purpose.disruptive,
        "judges": ", ".join(purpose.judges),
        "stands in for": ", ".join(purpose.instead_of),
        "exercises": ", ".join(purpose.exercises),
        "worth": _worth(purpose, proofs),
    }


def _worth(item: Purpose | Rule, proofs: Mapping[str, Proof]) -> str:
    proof = proofs.get(item.id)
    seen = f" (red by {proof.red}, green on {proof.green})" if proof and proof.red and proof.green else ""
    return state_of(item, proofs) + seen


def _of_rule(rule: Rule, proofs: Mapping[str, Proof]) -> dict[str, str | None]:
    return {
        "given": rule.given,
        "then": rule.then,
        "unless": ", ".join(rule.unless),
        "known from": rule.state_from,
        "set off": None if rule.set_off == "surely" else "perhaps: that lies with the station",
        "exercised by": ", ".join(rule.exercised_by),
        "readings": f"{rule.readings}{_advisory(rule)}",
        "worth": _worth(rule, proofs),
    }


def _advisory(rule: Rule) -> str:
    if rule.readings < 2:
        return " (advisory, decides nothing)"
    return "" if rule.confidence.decides else f" (what was read is {rule.confidence}: advisory, decides nothing)"


def _serves(item: Purpose | Rule) -> str:
    if not item.serves:
        return "beyond the tender"
    return ", ".join(
        s.criterion + (f" when {' and '.join(f'{key} is {value}' for key, value in s.when.items())}" if s.when else "")
        for s in item.serves
    )


def _needs(needs: Needs) -> str:
    cars = {"any": "a car on the control pilot", "iso15118": "a car that speaks ISO 15118"}
    parts = [
        "the backend" if needs.csms else "",
        cars.get(needs.car, ""),
        *(f"bench: {role.replace('_', ' ')}" for role in needs.bench),
        "a person" if needs.operator else "",
        f"{needs.evses} EVSEs" if needs.evses > 1 else "",
        f"security profile {needs.security_profile} or higher" if needs.security_profile else "",
        "newer firmware of the manufacturer's" if needs.firmware else "",
    ]
    return ", ".join(part for part in parts if part)
