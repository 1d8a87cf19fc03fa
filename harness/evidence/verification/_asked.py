"""Where a bundle's plan asks for something else than the requirements beside it, or than those that are known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from harness.evidence.bundle import _model
from harness.evidence.bundle._older import is_older
from harness.evidence.bundle._problem import Problem
from harness.evidence.verification._facts import Facts, named, short, wrong
from requirement_catalog import catalogue_digest, load_catalogue


def nothing_left_out(facts: Facts) -> Iterator[Problem]:
    """What was run and claimed stands in the plan; what the catalogue asks of a whole run does, too."""
    plan = facts.plan
    criteria, cases = {c.id for c in plan.criteria}, {c.id for c in plan.cases}
    ran = {e.case for e in facts.trace.of("case.started") if e.case}
    claims = [e.data for e in facts.trace.of("claim")]
    claimed = {str(data["criterion"]) for data in claims if data.get("criterion")}
    yield from named(_model.PLAN, "does not hold case {}, which was run", ran - cases)
    if not plan.narrowed:  # a case that serves a chosen criterion claims for the others that it serves as well
        yield from named(_model.PLAN, "does not hold criterion {}, of which something was claimed", claimed - criteria)
    asked = _asked(facts.documents.get(_model.CATALOGUE))
    if not asked:
        return
    if not plan.narrowed:
        yield from named(_model.PLAN, "leaves out criterion {}, which the catalogue has", set(asked) - criteria)
    yield from named(_model.PLAN, "has a criterion {} that the catalogue has not", criteria - set(asked))
    told = {c.id: c.statement for c in plan.criteria}
    altered = (name for name in told if name in asked and asked[name] != told[name])
    yield from named(_model.PLAN, "states criterion {} in other words than the catalogue", altered)


def known_catalogue(facts: Facts) -> Iterator[Problem]:
    """Under the digest of the requirements that this chargeproof knows stand those requirements, and no fewer."""
    digest, known = _installed()
    asked = _asked(facts.documents.get(_model.CATALOGUE))
    if facts.plan.catalogue_digest != digest or not asked:
        return
    yield from named(_model.CATALOGUE, "leaves out criterion {}", known.keys() - asked.keys())
    yield from named(_model.CATALOGUE, "has a criterion {} that nobody asks for", asked.keys() - known.keys())
    altered = (name for name in known.keys() & asked.keys() if known[name] != asked[name])
    yield from named(_model.CATALOGUE, "states criterion {} in other words than the tender", altered)


def limits(facts: Facts) -> Iterator[Problem]:
    """The limits of the plan are those of the catalogue that lies beside it."""
    catalogue, plan = facts.documents.get(_model.CATALOGUE), facts.documents.get(_model.PLAN)
    ours = plan.get("limits") if isinstance(plan, dict) and not is_older(facts.plan) else None
    theirs = catalogue.get("limits") if isinstance(catalogue, dict) else None
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return
    for name, roles in ours.items():
        listed = theirs.get(name)  # a purpose's are those of the criteria that it serves, and stand there
        if not isinstance(roles, dict) or not isinstance(listed, dict):
            continue
        yield from named(_model.PLAN, f"gives {name} no limit in the role {{}}", listed.keys() - roles.keys())
        for role in roles.keys() & listed.keys():
            mine, its = roles[role], listed[role]
            if not isinstance(mine, dict) or not isinstance(its, dict):
                continue
            for part in mine.keys() & its.keys():
                if mine[part] != its[part]:
                    what = f"sets {part} of {name}'s limit {role} to {short(mine[part])}"
                    yield wrong(_model.PLAN, f"{what}, the catalogue to {short(its[part])}")


@cache
def _installed() -> tuple[str, dict[str, str]]:
    """The digest of this chargeproof's own requirements, and each criterion's statement by its id."""
    catalogue = load_catalogue()
    return catalogue_digest(catalogue), {c.id: c.statement for r in catalogue.requirements for c in r.criteria}


def _asked(catalogue: Any) -> dict[str, str]:
    """Each criterion's statement in catalogue.json, by its id; empty where that file says none."""
    if not isinstance(catalogue, dict) or not isinstance(catalogue.get("requirements"), list):
        return {}
    criteria = [
        c
        for r in catalogue["requirements"]
        if isinstance(r, dict) and isinstance(r.get("criteria"), list)
        for c in r["criteria"]
    ]
    return {str(c["id"]): str(c.get("statement")) for c in criteria if isinstance(c, dict) and "id" in c}
