"""From attempts to the result of a purpose under its conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from harness.decision._next import DECLARE, EXPLAIN, LOST, next_step
from harness.decision._table import Row, Ruling, always, ruling
from harness.decision._waivers import waived
from harness.decision.identity._elsewhere import Elsewhere
from harness.decision.runs._attempts import HISTORY, UNEXPLAINED, Attempt, History, history
from harness.decision.runs._runs import CaseRun
from harness.judge import Conditions, FindingResult, Judged, PurposeResult, Verdict, worst
from harness.plan import Plan, PlannedPurpose, PlannedRun
from requirement_catalog import Conformance


@dataclass(frozen=True)
class Due:
    """A run of the plan with what became of it. `told` is the device model's word on what nobody declared."""

    run: PlannedRun
    purpose: PlannedPurpose
    history: History
    declared: str = "yes"
    told: tuple[str, str] | None = None

    @property
    def by_trace(self) -> Ruling:
        """What the attempts say."""
        return ruling(HISTORY, self.history)

    @property
    def refused(self) -> bool:
        """Whether its control did not hold, and nobody has said that the charger does what the purpose hangs on."""
        said = self.declared == "yes" or (self.told is not None and self.told[0] == "yes")
        return not said and self.ran and self.history.last.refused

    @property
    def ran(self) -> bool:
        """Whether there was any attempt, planned or not."""
        return bool(self.history.told)


def _denied(due: Due) -> bool:
    return due.told is not None and due.told[0] == "no" and due.by_trace.verdict is not Verdict.PASS


DUE: tuple[Row[Due], ...] = (
    Row(
        "for another product",
        lambda d: d.run.lacks == "product" and not d.ran,
        Verdict.NOT_APPLICABLE,
        lambda d: d.run.reason,
    ),
    Row(
        "not at this EVSE",
        lambda d: d.run.lacks == "evse" and not d.ran,
        Verdict.NOT_APPLICABLE,
        lambda d: d.run.reason,
    ),
    Row(
        "owed at every EVSE",
        lambda d: d.run.lacks == "owed" and not d.ran,
        Verdict.FAIL,
        lambda d: d.run.reason,
    ),
    Row(
        "a stand-in that is not needed",
        lambda d: d.run.lacks == "stand-in" and not d.ran,
        Verdict.NOT_APPLICABLE,
        lambda d: d.run.reason,
    ),
    Row(
        "declared unsupported",
        lambda d: d.run.lacks == "declared",
        Verdict.NOT_APPLICABLE,
        lambda d: f"declared unsupported: {d.run.reason}",
    ),
    Row(  # what was seen to work outweighs what the device model says of itself
        "told unsupported",
        _denied,
        Verdict.NOT_APPLICABLE,
        lambda d: d.told[1] if d.told is not None else "",
    ),
    Row(
        "optional, declared by nobody, and failed",
        lambda d: (
            d.purpose.conformance is Conformance.OPTIONAL
            and d.declared == "undeclared"
            and d.told is None
            and d.by_trace.verdict is Verdict.FAIL
        ),
        Verdict.INCONCLUSIVE,
        lambda d: f"the standard leaves it optional and nobody declared it: declare yes or no; {d.by_trace.why}",
    ),
    Row(
        "could not run",
        lambda d: d.run.lacks in ("pco", "case", "choice") and not d.ran,
        Verdict.INCONCLUSIVE,
        lambda d: d.run.reason,
    ),
    Row(
        "its attempts",
        always,
        lambda d: d.by_trace.verdict,
        lambda d: d.by_trace.why,
    ),
)
UNTESTABLE = ("pco", "case")  # papers may speak for these; never for a fail, a cut or a person's choice


@dataclass(frozen=True)
class Settled:
    """A purpose's result, and what the criterion has to know beside it."""

    result: PurposeResult
    runs: tuple[Due, ...]
    rows: tuple[str, ...]

    @property
    def denied(self) -> bool:
        """Whether it does not apply because it was said to be unsupported."""
        return self.result.verdict is Verdict.NOT_APPLICABLE and bool(
            {"declared unsupported", "told unsupported"} & set(self.rows)
        )

    @property
    def untestable(self) -> bool:
        """Whether nothing but the bench, or a case that nobody wrote yet, kept it from being tested."""
        return all(due.run.lacks in UNTESTABLE and not due.ran for due in self.runs)

    @property
    def lacks_a_pco(self) -> bool:
        """Whether nothing but the bench kept it from being tested."""
        return all(due.run.lacks == "pco" and not due.ran for due in self.runs)


def settle(plan: Plan, dues: Sequence[Due]) -> list[Settled]:
    """One result for each purpose and its conditions, with waivers."""
    groups: dict[tuple[str, Conditions], list[Due]] = defaultdict(list)
    for due in dues:
        groups[due.run.purpose, due.run.conditions].append(due)
    settled = [_settled(group) for group in groups.values()]
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for each in settled:
        if each.result.verdict is not Verdict.NOT_APPLICABLE:
            verdicts[each.result.purpose].append(each.result.verdict)
    return [_with_waiver(plan, each, set(verdicts[each.result.purpose])) for each in settled]


def _lost(verdict: Verdict, due: Due) -> bool:
    """Whether nothing but the charger was missing at the last attempt."""
    return verdict is Verdict.INCONCLUSIVE and due.ran and due.history.last.attempt.run.lost


def _settled(group: Sequence[Due]) -> Settled:
    rulings = [ruling(DUE, due) for due in group]
    verdict = worst([each.verdict for each in rulings])
    at = next(i for i, each in enumerate(rulings) if each.verdict is verdict)
    purpose, run = group[at].purpose, group[at].run
    unexplained = verdict is Verdict.INCONCLUSIVE and group[at].by_trace.row == UNEXPLAINED
    who, what = EXPLAIN if unexplained else LOST if _lost(verdict, group[at]) else next_step(verdict, run)
    if verdict is Verdict.INCONCLUSIVE and group[at].refused:
        who, what = DECLARE[0], DECLARE[1].format(purpose.applies)
    return Settled(
        PurposeResult(
            purpose=run.purpose,
            conditions=run.conditions,
            statement=purpose.statement,
            verdict=verdict,
            why=rulings[at].why,
            serves=tuple(dict.fromkeys(criterion for due in group for criterion in due.run.serves)),
            conformance=purpose.conformance,
            revision=purpose.revision,
            cut=any(due.ran and (due.history.last.cut or bool(due.history.unsettled)) for due in group),
            proven=purpose.proven,
            stands_in_for=purpose.instead_of if run.run else (),
            brought_for=tuple(dict.fromkeys(chosen for due in group for chosen in due.run.brought_for)),
            next_who=who,
            next_what=what,
            case=run.case,
            findings=tuple(
                FindingResult(claim=j.claim, finding=j.finding)
                for due in group
                for told in due.history.told
                for j in told.attempt.findings
            ),
            clauses=purpose.answers_to,
            dispute=purpose.dispute,
        ),
        tuple(group),
        tuple(each.row for each in rulings),
    )


def _with_waiver(plan: Plan, settled: Settled, everywhere: set[Verdict]) -> Settled:
    result = settled.result
    found = waived(
        plan, result.purpose, result.verdict, revision=result.revision, needless=everywhere <= {Verdict.PASS}
    )
    if found.text is None:
        return settled
    changed = msgspec.structs.replace(result, waived=found.excused, waiver=found.text)
    return Settled(changed, settled.runs, settled.rows)


def attempts(
    runs: Sequence[CaseRun],
    findings: Sequence[Judged],
    planned: PlannedRun,
    elsewhere: Elsewhere,
    judges: tuple[str, ...] = (),
) -> History:
    """A purpose's history: each run of its case with its findings; all of its `judges` must have been asked.

    Findings without a case's mark count as those of a run that never ended: they prove nothing, and a fail is a fail.
    """
    marks = list(runs) or ([CaseRun(planned.case, 1, findings[0].claim.seq)] if findings else [])
    found = []
    for run in marks:
        mine = tuple(j for j in findings if j.claim.run == run.number)
        found.append(Attempt(run, mine, elsewhere.of(planned, run.seq, [j.claim for j in mine]), judges))
    return history(found)
