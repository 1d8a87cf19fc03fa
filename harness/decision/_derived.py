"""A criterion that follows from others: it holds when all of those that gate are proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from harness.decision._table import Row, always, ruling
from harness.decision._waivers import waived
from harness.judge import CriterionResult, Verdict, worst
from harness.plan import Plan, PlannedCriterion


@dataclass(frozen=True)
class Family:
    """The results of the requirements or families that it follows from."""

    names: str
    parts: Sequence[CriterionResult]
    narrowed: bool

    @property
    def open(self) -> list[CriterionResult]:
        """Those that are neither proven nor waived."""
        return [r for r in self.parts if r.verdict is not Verdict.PASS and not r.waived]


DERIVED: tuple[Row[Family], ...] = (
    Row(
        "some are open",
        lambda f: bool(f.open),
        lambda f: worst([r.verdict for r in f.open]),
        lambda f: (
            f"{len(f.open)} of {len(f.parts)} criteria of {f.names} are not proven: "
            f"{', '.join(r.id for r in f.open[:8])}"
        ),
    ),
    Row(
        "a selection",
        lambda f: f.narrowed,
        Verdict.INCONCLUSIVE,
        lambda f: f"this run was a selection, which need not hold all criteria of {f.names}",
    ),
    Row(
        "none applies",
        lambda f: not f.parts,
        Verdict.INCONCLUSIVE,
        lambda f: f"no criterion of {f.names} applies",
    ),
    Row(
        "all are proven",
        always,
        Verdict.PASS,
        lambda f: f"all {len(f.parts)} criteria of {f.names} that apply are proven or waived",
    ),
)


def derived(
    plan: Plan, planned: PlannedCriterion, result: CriterionResult, results: Sequence[CriterionResult]
) -> CriterionResult:
    """The criterion's result from those of the requirements or families that it names."""
    parts = [
        r
        for r in results
        if r.gates
        and r.id != planned.id
        and r.verdict is not Verdict.NOT_APPLICABLE
        and (r.requirement in planned.all_of or r.requirement.split("-")[0] in planned.all_of)
    ]
    family = Family(" and ".join(planned.all_of), parts, bool(plan.narrowed))
    said = ruling(DERIVED, family)
    excuse = waived(plan, planned.id, said.verdict)
    who, what = "", ""
    if said.row == "some are open":
        who, what = family.open[0].next_who, "settle those first; this follows from them"
    elif said.row == "a selection":
        who, what = "test engineer", "run the whole tender"
    return msgspec.structs.replace(
        result,
        verdict=said.verdict,
        why=said.why,
        proven_by=str(planned.verified_by),
        waived=excuse.excused,
        waiver=excuse.text,
        next_who=who,
        next_what=what,
    )
