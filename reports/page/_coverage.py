"""How much of the suites was run and shown: purposes by use case, and what did not run, with whose move it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from harness.judge import PurposeResult
from harness.plan import PlannedRun
from reports._results import spans, unproven_pass
from reports._view import EvidenceView
from reports._words import LACKS, VERDICTS, WORST_FIRST, VerdictWord


@dataclass(frozen=True)
class UseCase:
    """One use case: how many purposes the plan holds, how many of them ran, and what came of their results."""

    name: str
    purposes: int
    ran: int
    counts: list[tuple[VerdictWord, int]]
    unproven: int


@dataclass(frozen=True)
class NotRun:
    """Purposes that did not run for one reason."""

    lacks: str  # in words
    reason: str
    move: str
    names: str
    many: int
    ours: bool  # whether somebody can do something about it


@dataclass(frozen=True)
class Coverage:
    """The whole: use cases, what did not run, and the sums."""

    use_cases: list[UseCase]
    not_run: list[NotRun]
    purposes: int
    ran: int
    results: int
    beyond_tender: int  # purposes that ran and serve none of its criteria


def coverage(view: EvidenceView) -> Coverage:
    """Counted from the plan and the results; a purpose ran when a result of it has findings or was cut short."""
    planned = {r.purpose for r in view.plan.runs} | {p.purpose for p in view.result.purposes}
    ran = {p.purpose for p in view.result.purposes if p.findings or p.cut}
    groups: dict[str, list[str]] = {}
    for each in sorted(planned):
        groups.setdefault(each.rpartition(".")[0] or each, []).append(each)
    by_purpose: dict[str, list[PurposeResult]] = {}
    for result in view.result.purposes:
        by_purpose.setdefault(result.purpose, []).append(result)
    return Coverage(
        use_cases=[_use_case(name, ids, ran, by_purpose) for name, ids in groups.items()],
        not_run=_not_run(view.plan.runs),
        purposes=len(planned),
        ran=len(ran),
        results=sum(bool(p.findings or p.cut) for p in view.result.purposes),
        beyond_tender=len({p.purpose for p in view.result.purposes if not p.serves and not p.brought_for}),
    )


def _use_case(name: str, ids: Sequence[str], ran: set[str], results: dict[str, list[PurposeResult]]) -> UseCase:
    mine = [r for each in ids for r in results.get(each, ())]
    tally = Counter(r.verdict for r in mine)
    return UseCase(
        name=name,
        purposes=len(ids),
        ran=sum(each in ran for each in ids),
        counts=[(VERDICTS[v], tally[v]) for v in WORST_FIRST if tally[v]],
        unproven=sum(unproven_pass(r) for r in mine),
    )


def _not_run(runs: Sequence[PlannedRun]) -> list[NotRun]:
    """Reasons that somebody can cure come first, then what is not for this product."""
    kinds: dict[tuple[str, str, str], list[PlannedRun]] = {}
    for each in runs:
        if not each.run:
            kinds.setdefault((each.lacks, each.reason, each.move), []).append(each)
    found = [
        NotRun(
            lacks=LACKS.get(lacks, lacks),
            reason=reason,
            move=move,
            names=spans(r.purpose for r in many),
            many=len({r.purpose for r in many}),
            ours=lacks not in ("product", "evse", "stand-in"),
        )
        for (lacks, reason, move), many in kinds.items()
    ]
    return sorted(found, key=lambda n: (not n.ours, -n.many))
