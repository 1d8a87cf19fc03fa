"""Waivers: a dated, signed-for exception excuses a fail and nothing else, and must go when it is not needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.judge import Verdict
from harness.plan import Plan, Waiver

NEEDLESS = "no longer needed"


@dataclass(frozen=True)
class Waived:
    """What a waiver says of a verdict: `excused`, in words, and whether it `must_go` before a GO."""

    excused: bool = False
    text: str | None = None

    @property
    def must_go(self) -> bool:
        """Whether what it waives passes."""
        return self.text is not None and self.text.startswith(NEEDLESS)


def waived(plan: Plan, of: str, verdict: Verdict, *, revision: int | None = None, needless: bool = True) -> Waived:
    """What the plan's waivers say of the verdict on a criterion or purpose; of several the one in force speaks.

    `revision` is a purpose's own. `needless`: whether a pass makes it so (not while the purpose fails elsewhere).
    """
    mine = [w for w in plan.waivers if w.of == of]
    if not mine or verdict is Verdict.NOT_APPLICABLE:
        return Waived()
    on = plan.evaluation_date
    return _one(_speaks(mine, on), verdict, on, revision, needless)


def _speaks(waivers: Sequence[Waiver], on: str) -> Waiver:
    return next((w for w in waivers if w.dated <= on <= w.until), waivers[-1])


def _one(waiver: Waiver, verdict: Verdict, on: str, revision: int | None, needless: bool) -> Waived:
    text = f"waiver signed by {waiver.signed_by} on {waiver.dated}, valid until {waiver.until}: {waiver.reason}"
    if on < waiver.dated:
        return Waived(text=f"not yet in force; {text}")
    if on > waiver.until:
        return Waived(text=f"expired; {text}")
    if revision is not None and waiver.revision != revision:
        was = f"revision {waiver.revision}" if waiver.revision is not None else "no revision"
        return Waived(text=f"void, for it names {was} and the purpose is of revision {revision} now; {text}")
    if verdict is Verdict.PASS:
        return Waived(text=f"{NEEDLESS}, and must be removed; {text}" if needless else text)
    return Waived(excused=verdict is Verdict.FAIL, text=text)
