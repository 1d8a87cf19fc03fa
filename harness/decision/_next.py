"""Whose move it is, and what to do."""

from __future__ import annotations

from harness.judge import Verdict
from harness.plan import PlannedRun

_BY_VERDICT: dict[Verdict, tuple[str, str]] = {
    Verdict.FAIL: ("supplier", "correct the charger or dispute the finding, then run a new campaign"),
    Verdict.INCONCLUSIVE: ("test engineer", "supply what was missing and run this case again"),
    Verdict.PENDING: ("contractor", "hand in the missing paper or answer, then judge again"),
    Verdict.ERROR: (
        "test engineer",
        "repair the bench or the harness and run this case again; this is not the charger",
    ),
}
EXPLAIN = (
    "test engineer",
    "say with date and name why the earlier run came to nothing (chargeproof explain), or run a new campaign",
)
LOST = (
    "test engineer",
    "bring the charger back (look at its power, its network and its own log), then run this case again (--rerun)",
)
DECLARE = (
    "supplier",
    "say in the profile (pics) whether the charger does this ({}), yes or no; where the standard leaves it to the "
    "charger, no is an answer",
)
PAPER_NOT_ACCEPTED = (
    "supply what was missing and run the test; or ask the client, who alone may accept a paper in its place "
    "(accept_papers_for: [{{of: {}, reason: …}}] in the tender file)"
)
UNPROVEN = ("the makers of chargeproof", "prove the check: see it turn red on a defect (make defects)")
UNSUPPORTED = ("supplier", "deliver a product that supports what the tender obliges, or agree a waiver with the client")


def next_step(verdict: Verdict, run: PlannedRun | None = None) -> tuple[str, str]:
    """Who must do what about a verdict; nobody and nothing about a pass."""
    who, what = _BY_VERDICT.get(verdict, ("", ""))
    if run is None or verdict is not Verdict.INCONCLUSIVE:
        return who, what
    if run.lacks == "case":
        return run.move, "write a case for this test purpose"
    if run.lacks == "choice":
        return run.move or who, "run it too"
    return run.move or who, what
