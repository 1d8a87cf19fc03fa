"""How results of purposes hang on criteria: which stand where, which hold the decision up, which lie beyond."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.judge import (
    CampaignResult,
    Conditions,
    CriterionResult,
    FindingResult,
    Measurement,
    PurposeResult,
    RequirementResult,
    RuleOutcome,
    Verdict,
    worst,
)
from reports._words import WORST_FIRST
from requirement_catalog import Sense

_NUMBERED = re.compile(r"(.*\D)(\d+)")


@dataclass(frozen=True)
class Hung:
    """The results of purposes under each criterion (by its id, worst first), and those that serve none here."""

    under: dict[str, list[PurposeResult]]
    home: dict[str, str]  # a result's label -> the first criterion that it stands under; "" where it serves none
    beyond: list[PurposeResult]
    along: list[PurposeResult]  # nobody chose them; what was chosen has its control in them
    holding_up: frozenset[str]  # labels of results that serve a criterion which the decision still misses


def hung(result: CampaignResult) -> Hung:
    """Hang every result on its criteria. A label that a criterion names and nothing bears is left out."""
    by_label = {p.label: p for p in result.purposes}
    serving: dict[str, list[str]] = {}
    for label, each in by_label.items():
        for served in each.serves:
            serving.setdefault(served, []).append(label)
    under: dict[str, list[PurposeResult]] = {}
    home: dict[str, str] = {}
    missed: set[str] = set()
    for criterion in criteria_of(result):
        labels = dict.fromkeys((*criterion.purposes, *serving.get(criterion.id, ())))
        mine = [by_label[label] for label in labels if label in by_label]
        under[criterion.id] = sorted(mine, key=rank)
        for each in mine:
            home.setdefault(each.label, criterion.id)
        if criterion.gates and not settled(criterion):
            missed |= {each.label for each in mine}
    apart = sorted((p for label, p in by_label.items() if label not in home), key=rank)
    beyond, along = [p for p in apart if not p.brought_for], [p for p in apart if p.brought_for]
    return Hung(under, home | {p.label: "" for p in apart}, beyond, along, frozenset(missed))


def criteria_of(result: CampaignResult) -> Iterable[CriterionResult]:
    """All criteria, in the tender's order."""
    requirements: tuple[RequirementResult, ...] = result.requirements
    return itertools.chain.from_iterable(r.criteria for r in requirements)


def settled(each: CriterionResult | PurposeResult) -> bool:
    """Whether nobody has to act on it: a pass, excused, or not for this product."""
    if isinstance(each, PurposeResult) and (each.cut or unproven_pass(each)):
        return False
    return each.waived or each.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)


def unproven_pass(each: PurposeResult) -> bool:
    """A pass of a check that was never seen to turn red: it proves nothing yet."""
    return each.verdict is Verdict.PASS and not each.proven


def rank(each: PurposeResult) -> tuple[int, int]:
    """Sorts worst first: what is open before what is excused, then by verdict."""
    return int(settled(each)), WORST_FIRST.index(each.verdict)


def rule_settled(each: RuleOutcome) -> bool:
    """Whether nobody has to act on a rule's outcome: it held, was excused, or was not exercised."""
    return each.waived or each.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)


def rule_rank(each: RuleOutcome) -> tuple[int, int, int, str]:
    """Sorts worst first: what is open, then what decides before what is advisory, then by verdict."""
    return int(rule_settled(each)), int(not each.decides), WORST_FIRST.index(each.verdict), each.label


def worst_of(results: Sequence[PurposeResult]) -> Verdict:
    """The worst verdict of some results."""
    return worst([each.verdict for each in results])


def under_what(conditions: Sequence[Conditions]) -> str:
    """Several conditions in few words: "OCPP 2.0.1 and 2.1, EVSE 1 and 2"; where they do not multiply out, a list."""
    columns = [
        [f"OCPP {v}" for v in dict.fromkeys(c.version for c in conditions) if v],
        [f"EVSE {e}" for e in sorted({c.evse for c in conditions}) if e],
        [s for s in dict.fromkeys(c.service for c in conditions) if s],
        [d for d in dict.fromkeys(c.direction for c in conditions) if d],
    ]
    many = 1
    for column in columns:
        many *= max(1, len(column))
    if many == len(set(conditions)):
        return ", ".join(_joined(column) for column in columns if column)
    told = [str(c) or "any" for c in conditions]
    more = f"; and {len(told) - 6} more" if len(told) > 6 else ""
    return "; ".join(told[:6]) + more


def _joined(column: list[str]) -> str:
    head = column[0].split(" ")[0] + " " if column[0].startswith(("OCPP ", "EVSE ")) else ""
    rest = [text.removeprefix(head) for text in column[1:]]
    return " and ".join(filter(None, (", ".join([column[0], *rest[:-1]]), *rest[-1:])))


def spans(ids: Iterable[str]) -> str:
    """Many ids in few words: "OCPP-K01.P001–P004, OCPP-K08.P001"."""
    found: list[tuple[str, str]] = []
    last: tuple[str, int] | None = None
    for each in sorted(set(ids)):
        split = _NUMBERED.fullmatch(each)
        here = (split[1], int(split[2])) if split else None
        if here and last and here == (last[0], last[1] + 1):
            found[-1] = (found[-1][0], each)
        else:
            found.append((each, each))
        last = here
    return ", ".join(first if first == end else f"{first}–{end.rpartition('.')[2]}" for first, end in found)


def closest(findings: Iterable[FindingResult]) -> tuple[FindingResult, Measurement] | None:
    """The measurement that came closest to its limit, or went furthest over it; None where nothing was measured.

    A positive control's does not count: it says something of the test, not of the charger.
    """
    told = [(f, m) for f in findings if not f.claim.control for m in f.finding.measurements]
    held = [(f, m) for f, m in told if m.limit is not None and m.sense is not None]
    return min(held, key=lambda pair: _room(pair[1]), default=None)


def _room(m: Measurement) -> float:
    """How much of the limit is left, as a share of it; negative beyond it."""
    limit = m.limit or 0.0
    left = limit + m.tolerance - m.value if m.sense is Sense.AT_MOST else m.value - limit + m.tolerance
    return left / (abs(limit) + m.tolerance or 1.0)
