"""On what a decision rests that is no test of a charger: papers, scripts, programs; recomputed from the trace."""

from __future__ import annotations

from dataclasses import dataclass

from reports._text import counted
from reports._view import EvidenceView


@dataclass(frozen=True)
class Caveat:
    """A short heading and the sentence that explains it; `items` when there is a list to read."""

    heading: str
    text: str
    items: tuple[str, ...] = ()


def program(view: EvidenceView) -> Caveat | None:
    """Where no charger was seen at all, or only a program of the bench's own computer."""
    if view.sort not in ("program", "nothing"):
        return None
    words = "What was tested connected from the bench's own computer, as a program does and no charger can."
    if view.sort == "nothing":
        words = "Nothing in the trace came from a charger."
    return Caveat("No charger was seen", f"{words} The result says nothing about any product that can be bought.")


def instead(view: EvidenceView) -> Caveat | None:
    """Papers that stand for a test that could have run, each with the client's reason."""
    found = view.basis.instead
    if not found:
        return None
    reasons = {c.id: c.papers_accepted for c in view.plan.criteria}
    return Caveat(
        "A paper in place of a test",
        f"A test of {counted(len(found), 'criterion', 'criteria')} exists, and this bench could not run it. The "
        "tender accepts a paper in its place.",
        tuple(f"{id}: {reasons.get(id) or 'no reason is told'}" for id in found),
    )


def script(view: EvidenceView) -> Caveat | None:
    """Answers of the operator that no person gave."""
    by_script, answers = view.scripted
    if not by_script:
        return None
    return Caveat(
        "Operator: a script",
        f"No person looked: {by_script} of {counted(answers, 'answer was', 'answers were')} written down beforehand.",
    )


def papers(view: EvidenceView) -> Caveat | None:
    """What nothing but papers was ever claimed of."""
    on_paper = view.basis.papers
    if not on_paper:
        return None
    return Caveat(
        "Proven on paper",
        f"{counted(len(on_paper), 'criterion rests', 'criteria rest')} on a document, not on a test of this unit.",
        (", ".join(on_paper),),
    )
