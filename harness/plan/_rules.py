"""The rules that watch a campaign's trace, as they stand for this product and tender."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from harness.plan._conditions import Ground
from harness.plan._model import PlannedRule, PlannedServes
from requirement_catalog import Rule, Suites, Tender


def planned_rules(
    suites: Suites, tender: Tender, ground: Ground, chosen: Set[str], proofs: Mapping[str, str]
) -> tuple[PlannedRule, ...]:
    """Every rule for such a product; they cost nothing to try, so that depth and selection leave none out.

    Their limits are those that the tender has.

    A rule's own purposes are those that name it (`exercises`): every correct charger sets it off there. `exercised_by`
    only says where it was seen to be set off, which may hang on how a charger is made or set up.
    """
    own: dict[str, list[str]] = defaultdict(list)
    for purpose in suites.purposes:
        for rule in purpose.exercises:
            own[rule].append(purpose.id)
    mine = [rule for rule in suites.rules if rule.role == ground.role]
    return tuple(_rule(rule, _numbers(tender, rule), ground, chosen, own[rule.id], proofs) for rule in mine)


def _numbers(tender: Tender, rule: Rule) -> dict[str, float]:
    return {name: limit.value for name, limit in tender.limits_of(rule).items()}


def _rule(
    rule: Rule,
    numbers: dict[str, float],
    ground: Ground,
    chosen: Set[str],
    own: list[str],
    proofs: Mapping[str, str],
) -> PlannedRule:
    return PlannedRule(
        id=rule.id,
        statement=rule.statement,
        revision=rule.revision,
        answers_to=rule.answers_to,
        versions=rule.versions,
        conformance=rule.conformance,
        depth=rule.depth,
        applies=rule.applies,
        unless=rule.unless,
        state_from=rule.state_from,
        numbers=numbers,
        set_off=rule.set_off,
        serves=tuple(
            PlannedServes(criterion=each.criterion, when=each.when)
            for each in rule.serves
            if each.criterion in chosen and ground.criteria[each.criterion] == ""
        ),
        own=tuple(own),
        readings=rule.readings,
        confidence=rule.confidence,
        proven=rule.id in proofs,
        proof=proofs.get(rule.id, ""),
        dispute=rule.dispute,
    )
