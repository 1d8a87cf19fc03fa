"""What a GO rests on, recomputed from plan and trace: criteria of which nothing but papers was ever claimed. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from harness.judge import CampaignResult, Verdict
from harness.plan import Plan
from harness.trace import Trace

DOCUMENT_CASE = "document review"  # the claims the campaign makes about papers, not about a stimulus


@dataclass(frozen=True)
class Basis:
    """On what the criteria that gate and hold rest, by id: on `papers` alone, on a waiver, on what was `seen`.

    `instead` are those of `papers` of which a test exists, and the bench kept it from running. `follows` hold because
    the criteria that they are made of do.
    """

    seen: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


def basis_of(plan: Plan, trace: Trace, result: CampaignResult) -> Basis:
    """What was claimed in the trace counts, whatever a result says of itself."""
    claimed = _claimed(trace)
    lacked: dict[str, list[str]] = defaultdict(list)
    tested = set(claimed["criterion"])
    for run in plan.runs:
        for criterion in run.serves:
            if run.lacks == "pco":
                lacked[criterion].append(run.purpose)
            if run.purpose in claimed["purpose"]:
                tested.add(criterion)
    derived = {c.id for c in plan.criteria if c.all_of}
    gating = [c for r in result.requirements for c in r.criteria if c.gates]
    passed = [c.id for c in gating if c.verdict is Verdict.PASS]
    held = [id for id in passed if id not in derived]
    papers = tuple(id for id in held if id not in tested)
    return Basis(
        seen=tuple(id for id in held if id in tested),
        papers=papers,
        instead=tuple(id for id in papers if id in lacked),
        waived=tuple(c.id for c in gating if c.waived and c.id not in derived),
        follows=tuple(id for id in passed if id in derived),
    )


def _claimed(trace: Trace) -> dict[str, set[str]]:
    """The purposes and criteria that something else than the review of papers claimed, controls left out."""
    found: dict[str, set[str]] = {"purpose": set(), "criterion": set()}
    for event in trace.of("claim"):
        if event.case != DOCUMENT_CASE and not event.data.get("control"):
            for name, named in found.items():
                if event.data.get(name):
                    named.add(str(event.data[name]))
    return found
