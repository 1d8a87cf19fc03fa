"""The end of a printed plan: what is proven otherwise, and what is for other products or other EVSEs."""

from __future__ import annotations

from collections import defaultdict

from harness.cli._say import Door, styled
from harness.cli.catalogue._words import counted
from harness.plan import Plan, PlannedCriterion, PlannedRun
from requirement_catalog import Phase, VerifiedBy

_OTHERWISE = {
    VerifiedBy.DOCUMENT_REVIEW: "by papers",
    VerifiedBy.LOG_ANALYSIS: "from what the campaign recorded",
    VerifiedBy.OPERATOR_INSPECTION: "by looking",
    VerifiedBy.TEST: "by test",
}


def served_by(made: Plan) -> set[str]:
    """The criteria that any run serves, whether it can be run or not."""
    return {criterion for run in made.runs for criterion in run.serves}


def show_otherwise(door: Door, made: Plan, unfolded: bool) -> None:
    """What is proven by something else than a case, and what only after go-live."""
    groups: dict[str, list[PlannedCriterion]] = defaultdict(list)
    served = served_by(made)
    for criterion in made.criteria:
        if criterion.applies and criterion.phase is Phase.OPERATION:
            groups["only after go-live"].append(criterion)
        elif criterion.applies and criterion.all_of:
            groups["from other criteria"].append(criterion)
        elif criterion.applies and criterion.verified_by is not VerifiedBy.TEST and criterion.id not in served:
            groups[_OTHERWISE[criterion.verified_by]].append(criterion)
    if not groups:
        return
    door.line("\n[bold]Proven otherwise[/]: {}", ", ".join(f"{len(each)} {how}" for how, each in groups.items()))
    if unfolded:
        door.columns(
            [styled("  {}", c.id), styled("{}", how), styled("{}", f"{c.statement}{_due(c)}")]
            for how, each in groups.items()
            for c in each
        )


def _due(criterion: PlannedCriterion) -> str:
    return f" ({criterion.due or 'as agreed'})" if criterion.phase is Phase.OPERATION else ""


def show_elsewhere(door: Door, made: Plan, unfolded: bool) -> None:
    """What is for other products; and what one EVSE of this one has not, by the supplier's word."""
    foreign = [c for c in made.criteria if not c.applies]
    runs = [run for run in made.runs if run.lacks == "product"]
    partly: dict[str, list[PlannedRun]] = defaultdict(list)
    for run in made.runs:
        if run.lacks == "evse":
            partly[run.reason].append(run)
    for reason, mine in partly.items():
        door.line("\n[bold]Not at every EVSE[/]: {}", counted(len({run.purpose for run in mine}), "test purpose"))
        door.line("  {}", reason, hang=2)
        if unfolded:
            door.line("  [dim]{}[/]", ", ".join(dict.fromkeys(run.purpose for run in mine)), hang=2)
    if not foreign and not runs:
        return
    counts = [counted(len(foreign), "criterion", "criteria")] if foreign else []
    counts += [counted(len({run.purpose for run in runs}), "test purpose")] if runs else []
    fold = "" if unfolded else " (--all lists them)"
    door.line("\n[bold]Not for this product and tender[/]: {}{}", ", ".join(counts), fold)
    if unfolded:
        rows = [(c.id, c.reason) for c in foreign]
        rows += [(f"{run.purpose}", f"{run.conditions} {run.reason}".strip()) for run in runs]
        door.columns([styled("  {}", what), styled("{}", why)] for what, why in rows)
