"""Runs: each purpose of the depth under each of its conditions, with what keeps it from running."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from harness.judge import Conditions
from harness.plan._cases import CaseInfo
from harness.plan._choice import Choice
from harness.plan._conditions import Ground, Possible, due, possible
from harness.plan._lacks import Lack, joined, left_out, no_case, not_needed, unmet_needs
from requirement_catalog import Purpose

_NO_CASE = no_case("no test case serves it yet")


@dataclass(frozen=True)
class Draft:
    """A run on its way into the plan; `info` is the case that serves it, if there is one."""

    purpose: Purpose
    conditions: Conditions
    serves: tuple[str, ...]
    info: CaseInfo | None
    lack: Lack | None = None
    brought_for: tuple[str, ...] = ()  # chosen purposes whose control it is, where nobody chose it


def drafts_of(
    purposes: Sequence[Purpose], cases: Sequence[CaseInfo], ground: Ground, choice: Choice, chosen: set[str]
) -> list[Draft]:
    """Every run of the chosen criteria at this depth, and what these need beside them.

    `chosen`: the ids of the criteria that were chosen.
    """
    infos: dict[str, list[CaseInfo]] = defaultdict(list)
    for info in cases:
        for each in dict.fromkeys(info.purposes):
            infos[each].append(info)
    every = [
        Draft(purpose, each.conditions, ground.serves(purpose, each.conditions), info, each.lack or _lack(info))
        for purpose, kept in _kept(purposes, cases, ground)
        for each in kept
        for info in (*infos[purpose.id], *(() if infos[purpose.id] else (None,)))
    ]
    drafts = every
    if choice.requirements:
        drafts = [replace(d, serves=tuple(c for c in d.serves if c in chosen)) for d in drafts]
        drafts = [d for d in drafts if d.serves]
    if choice.by_purpose:
        chosen = {c for d in drafts if choice.takes(d.purpose) for c in d.serves}
        drafts = [d for d in drafts if choice.takes(d.purpose) or chosen & set(d.serves)]
    drafts = _by_case(drafts, ground, choice)
    return _stand_ins(_by_case(_with_controls(drafts, every, chosen), ground, choice))


def _with_controls(drafts: Sequence[Draft], every: Sequence[Draft], chosen: set[str]) -> list[Draft]:
    """With the runs that what was chosen has its control in, which a person's choice left out."""
    needed = _needed([d.purpose for d in drafts if d.lack is None], {d.purpose.id: d.purpose for d in every})
    have = {(d.purpose.id, d.conditions, d.info): d for d in drafts}
    found = []
    for each in every:
        mine = have.get((each.purpose.id, each.conditions, each.info))
        left = mine is None or (mine.lack is not None and mine.lack.kind == "choice")
        if left and each.purpose.id in needed:
            serves = tuple(c for c in each.serves if c in chosen)
            found.append(replace(each, serves=serves, brought_for=needed[each.purpose.id]))
        elif mine is not None:
            found.append(mine)
    return found


def _needed(running: Iterable[Purpose], purposes: Mapping[str, Purpose]) -> dict[str, tuple[str, ...]]:
    """What running purposes are controlled by, and what controls that: by its id, for which of the running ones."""
    needed: dict[str, dict[str, None]] = defaultdict(dict)
    for purpose in running:
        ahead = list(purpose.controlled_by)
        while ahead:
            each = ahead.pop()
            if purpose.id not in needed[each]:
                needed[each][purpose.id] = None
                ahead += purposes[each].controlled_by if each in purposes else ()
    return {each: tuple(whose) for each, whose in needed.items()}


def _lack(info: CaseInfo | None) -> Lack | None:
    return None if info is not None else _NO_CASE


def _kept(
    purposes: Sequence[Purpose], cases: Sequence[CaseInfo], ground: Ground
) -> Iterable[tuple[Purpose, list[Possible]]]:
    """What the depth asks for; and purposes of one case under the same conditions, since the case runs them anyway."""
    combinations = {p.id: possible(p, ground) for p in purposes}
    kept = {p.id: due(combinations[p.id], partial(ground.serves, p), ground, beyond=not p.serves) for p in purposes}
    for case in cases:
        together = [each for each in dict.fromkeys(case.purposes) if each in kept]
        runs = {p.conditions for each in together for p in kept[each] if p.lack is None}
        for each in together:
            have = {p.conditions for p in kept[each]}
            kept[each] += [
                p for p in combinations[each] if p.lack is None and p.conditions in runs and p.conditions not in have
            ]
    return [(p, kept[p.id]) for p in purposes]


def _by_case(drafts: list[Draft], ground: Ground, choice: Choice) -> list[Draft]:
    """A case runs as a whole: what one of its purposes lacks at the bench keeps the others from running too."""
    groups: dict[tuple[str, Conditions], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.info is not None and draft.lack is None:
            groups[draft.info.function, draft.conditions].append(draft)
    lacks = {key: _of_group(group, ground, choice) for key, group in groups.items()}
    return [
        replace(draft, lack=lacks[draft.info.function, draft.conditions])
        if draft.info is not None and draft.lack is None
        else draft
        for draft in drafts
    ]


def _of_group(group: Sequence[Draft], ground: Ground, choice: Choice) -> Lack | None:
    for draft in group:
        if (lack := unmet_needs(draft.purpose.needs, draft.conditions, ground.profile)) is not None:
            return lack
    if not any(draft.brought_for or choice.takes(draft.purpose) for draft in group):
        return left_out("another test purpose was chosen")
    touches = next((draft.purpose.disruptive for draft in group if draft.purpose.disruptive), None)
    if touches and not choice.with_disruptive:
        return left_out(f"left out with --no-disruptive: {touches}")
    return None


def _stand_ins(drafts: list[Draft]) -> list[Draft]:
    """A stand-in runs only where the bench keeps what it names from running, for a criterion that both serve."""
    kept_out = [d for d in drafts if d.lack is not None and d.lack.kind == "pco"]
    return [
        replace(
            draft,
            lack=not_needed(
                f"it stands in for {joined(draft.purpose.instead_of)} only where the bench lacks what that needs"
            ),
        )
        if draft.purpose.instead_of
        and draft.lack is None
        and not any(
            stands_in(draft.purpose.instead_of, draft.serves, draft.conditions, d.purpose.id, d.serves, d.conditions)
            for d in kept_out
        )
        else draft
        for draft in drafts
    ]


def stands_in(
    names: Sequence[str],
    serves: Iterable[str],
    conditions: Conditions,
    other: str,
    others_serves: Iterable[str],
    others_conditions: Conditions,
) -> bool:
    """Whether a run stands in for another by its name: for a criterion that both serve, under like conditions.

    The EVSE does not matter: what does without a car is about none.
    """
    like = all(
        not mine or not theirs or mine == theirs
        for mine, theirs in (
            (conditions.version, others_conditions.version),
            (conditions.service, others_conditions.service),
            (conditions.direction, others_conditions.direction),
        )
    )
    return other in names and like and bool(set(serves) & set(others_serves))
