"""The decision in a word and a sentence, and its reasons by who must act."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge import Verdict
from reports._results import criteria_of
from reports._text import counted
from reports._view import EvidenceView

NAMED = 6  # rules and purposes that one reason names; the rest is counted


@dataclass(frozen=True)
class Cause:
    """Reasons for HOLD that have the same cause and the same next step; shown once, with all their criteria."""

    verdict: Verdict
    why: str
    what: str
    criteria: list[str]
    purposes: list[str]  # labels of the results that they come from
    rules: list[str]

    @property
    def named(self) -> list[tuple[str, str]]:
        """The first rules and purposes as (label, anchor)."""
        told = [(label, f"r-{label.split(' ')[0]}") for label in self.rules]
        return [*told, *((label, f"p-{label.split(' ')[0]}") for label in self.purposes)][:NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return max(0, len(self.rules) + len(self.purposes) - NAMED)


@dataclass(frozen=True)
class Decision:
    """The decision in one word and one sentence."""

    word: str  # "GO", "HOLD" or "SELECTION"
    style: str  # "go", "hold" or "partial"
    sentence: str


def decision(view: EvidenceView) -> Decision:
    """What the page's first line says. Only the word GO is ever dressed as one."""
    result = view.result
    many = counted(len(result.reasons), "point is", "points are")
    if result.decision == "GO" and not result.partial:
        waived = sum(c.waived for c in criteria_of(result))
        applicable = sum(result.counts.values()) - result.counts.get("not_applicable", 0)
        done = f"settled, {waived} of them by a signed waiver" if waived else "proven"
        return Decision("GO", "go", f"All {applicable} mandatory criteria that apply before go-live are {done}.")
    if result.decision in ("GO", "SELECTION"):
        held = f"{many} not settled." if result.reasons else "All criteria of it hold."
        asked = ", ".join(result.narrowed) or "a selection"
        return Decision(
            "SELECTION", "partial", f"A person narrowed the run: {asked}. {held} It decides nothing for the tender."
        )
    return Decision("HOLD", "hold", f"Do not put it into service yet: {many} not settled.")


def by_actor(view: EvidenceView) -> list[tuple[str, list[Cause]]]:
    """Reasons by who must act, alike ones together."""
    groups: dict[str, dict[tuple[Verdict, str, str], Cause]] = {}
    for r in view.result.reasons:
        causes = groups.setdefault(r.who or "nobody named", {})
        cause = causes.setdefault((r.verdict, r.why, r.what), Cause(r.verdict, r.why, r.what, [], [], []))
        cause.criteria.append(r.criterion)
        cause.purposes.extend(p for p in r.purposes if p not in cause.purposes)
        cause.rules.extend(each for each in r.rules if each not in cause.rules)
    return [(who, list(causes.values())) for who, causes in groups.items()]
