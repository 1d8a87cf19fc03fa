"""One criterion's verdict: its findings, its proof, its waiver, and who must do what next."""

from __future__ import annotations

from collections.abc import Sequence

from harness.decision._declared import looked_up
from harness.judge import CriterionResult, Finding, FindingResult, Judged, Verdict, worst
from harness.plan import Plan, PlannedCriterion, Waiver
from harness.trace import Trace
from requirement_catalog import Obligation, Phase, VerifiedBy

DOCUMENT_CASE = "document review"  # the claims the campaign makes about papers, not about a stimulus

_NEXT: dict[Verdict, tuple[str, str]] = {
    Verdict.FAIL: ("supplier", "correct the charger or dispute the finding, then run a new campaign"),
    Verdict.INCONCLUSIVE: ("test engineer", "supply what was missing and run this case again"),
    Verdict.PENDING: ("contractor", "hand in the missing paper or answer, then judge again"),
    Verdict.ERROR: (
        "test engineer",
        "repair the bench or the harness and run this case again; this is not the charger",
    ),
}


def criterion_result(plan: Plan, planned: PlannedCriterion, trace: Trace, judged: Sequence[Judged]) -> CriterionResult:
    """The verdict on one criterion. Pure; `trace` is asked only what became of its cases."""
    wanted = {case.id for case in plan.cases if case.run}
    verdict, why, proven_by, findings = _judge(planned, trace, judged, wanted)
    waived, waiver_text = waived_by(plan, planned.id, verdict)
    who, what = _NEXT.get(verdict, ("", ""))
    if planned.declared == "no" and verdict is Verdict.FAIL:
        what = "deliver a product that supports what the tender obliges, or agree a waiver with the client"
    return CriterionResult(
        id=planned.id,
        requirement=planned.requirement,
        statement=planned.statement,
        verdict=verdict,
        obligation=planned.obligation,
        phase=planned.phase,
        why=why,
        proven_by=proven_by,
        waived=waived,
        waiver=waiver_text,
        gates=planned.applies and planned.obligation is Obligation.MANDATORY and planned.phase is Phase.ACCEPTANCE,
        next_who=who,
        next_what=what,
        findings=tuple(FindingResult(claim=j.claim, finding=j.finding) for j in findings),
        clauses=planned.clauses,
        dispute=planned.dispute,
    )


def _judge(
    planned: PlannedCriterion, trace: Trace, judged: Sequence[Judged], wanted: set[str]
) -> tuple[Verdict, str, str, Sequence[Judged]]:
    """Verdict, why, on what proof, and the findings to show. `wanted`: the cases that the plan meant to run."""
    if not planned.applies:
        return Verdict.NOT_APPLICABLE, planned.reason, "", ()
    told = looked_up(planned, trace)
    shown = _by_evidence(planned, trace, judged, wanted)
    if shown[0] is Verdict.PASS and planned.declared != "no":
        return shown  # what was seen outweighs what the device model says of itself
    if planned.declared == "no" or (told is not None and told[0] == "no"):
        source = told[1] if told is not None else "declared unsupported in the supplier's own statement"
        if planned.feature_optional:
            return Verdict.NOT_APPLICABLE, f"{source}; the standard leaves it optional", "", ()
        return Verdict.FAIL, f"{source}, but the tender obliges it", "", ()
    return shown


def _by_evidence(
    planned: PlannedCriterion, trace: Trace, judged: Sequence[Judged], wanted: set[str]
) -> tuple[Verdict, str, str, Sequence[Judged]]:
    """The verdict by tests and papers alone."""
    mine = [j for j in judged if j.claim.criterion == planned.id]
    papers = [j for j in mine if j.claim.case == DOCUMENT_CASE]
    tests = [j for j in mine if j.claim.case != DOCUMENT_CASE]
    claims = [j for j in tests if not j.claim.control]
    if planned.verified_by is VerifiedBy.DOCUMENT_REVIEW and not tests:
        return _of(papers, VerifiedBy.DOCUMENT_REVIEW, "no paper was reviewed for it", mine)
    trouble = _trouble(planned, trace)
    if trouble is not None and Verdict.FAIL not in [j.finding.verdict for j in claims]:
        return trouble[0], trouble[1], planned.verified_by, mine
    if not claims and papers and VerifiedBy.DOCUMENT_REVIEW in planned.also_by:
        verdict, why, proven, _ = _of(papers, VerifiedBy.DOCUMENT_REVIEW, "", mine)
        proof = "proven by paper; not tested" if verdict is Verdict.PASS else "not tested either"
        return verdict, f"{why} ({proof}: {planned.blocked or 'no case ran for it'})", proven, mine
    if not claims:
        verdict = Verdict.PENDING if planned.phase is Phase.OPERATION else Verdict.INCONCLUSIVE
        return verdict, _missing(planned, trace), "", mine
    runs = {case: _runs(trace, case) for case in planned.cases}
    last = [j for j in claims if j.claim.run == runs.get(j.claim.case, j.claim.run)]
    silent = [c for c, n in runs.items() if n and c not in {j.claim.case for j in last}]
    verdict, why, proven, _ = _of(last, planned.verified_by, "", mine)
    failed_before = [j for j in claims if j not in last and j.finding.verdict is Verdict.FAIL]
    if failed_before and verdict is not Verdict.FAIL:
        # a retry must not wash a fail away: a corrected charger gets a campaign of its own
        return Verdict.FAIL, f"an earlier run of the case failed: {failed_before[0].finding.seen}", proven, mine
    if verdict is not Verdict.PASS:
        return verdict, why, proven, mine
    if unrun := [c for c, n in runs.items() if not n and c in wanted]:
        return Verdict.INCONCLUSIVE, f"{', '.join(unrun)} was planned and did not run; {why}", "", mine
    cut_short = {c: how for c, n in runs.items() if n and (how := _cut_short(trace, c)) is not None}
    if lost := [c for c in runs if c in silent or c in cut_short]:
        details = "".join(f" ({how})" for c in lost[:1] if (how := cut_short.get(c)))
        return (
            Verdict.INCONCLUSIVE,
            f"{', '.join(lost)} ended before it could judge all of this{details}; {why}",
            "",
            mine,
        )
    return verdict, why, proven, mine


def _of(
    group: Sequence[Judged], by: VerifiedBy, empty: str, shown: Sequence[Judged]
) -> tuple[Verdict, str, str, Sequence[Judged]]:
    if not group:
        return Verdict.PENDING if by is VerifiedBy.DOCUMENT_REVIEW else Verdict.INCONCLUSIVE, empty, "", shown
    verdict = worst([j.finding.verdict for j in group])
    deciding: Finding = next(j.finding for j in group if j.finding.verdict is verdict)
    return verdict, deciding.seen, str(by), shown


def _runs(trace: Trace, case: str) -> int:
    return sum(e.kind == "case.started" and e.case == case for e in trace)


def _cut_short(trace: Trace, case: str) -> str | None:
    """How the newest run of a case ended before its end; None when it ran to its end."""
    marks = [e for e in trace if e.kind in ("case.started", "case.ended") and e.case == case]
    if marks[-1].kind == "case.started":
        return "it was interrupted"
    if marks[-1].data.get("outcome") in ("not_seen", "pending"):
        return str(marks[-1].data.get("detail") or marks[-1].data["outcome"])
    return None


def _trouble(planned: PlannedCriterion, trace: Trace) -> tuple[Verdict, str] | None:
    """An exception of the harness in one of the criterion's cases, unless a later run of that case went well."""
    for case in planned.cases:
        ends = [e for e in trace if e.kind == "case.ended" and e.case == case]
        if ends and ends[-1].data.get("outcome") == "error":
            return Verdict.ERROR, f"the harness failed in {case}: {ends[-1].data.get('detail', '')}"
    return None


def _missing(planned: PlannedCriterion, trace: Trace) -> str:
    for case in planned.cases:
        ends = [e for e in trace if e.kind == "case.ended" and e.case == case]
        if ends and ends[-1].data.get("outcome") == "not_seen":
            return str(ends[-1].data.get("detail", "the charger did not show what the case waited for"))
    if planned.phase is Phase.OPERATION:
        return "it can only be shown in service, after go-live"
    if planned.blocked:
        return planned.blocked
    if planned.declared == "undeclared" and looked_up(planned, trace) is None:
        return (
            f"the supplier did not declare {(planned.feature or 'it').replace('_', ' ')}, and the charger does not tell"
        )
    if planned.cases:
        return "its cases did not run to the point of judging it"
    return "no test case verifies it yet, and no paper was handed in for it"


def waived_by(plan: Plan, criterion: str, verdict: Verdict) -> tuple[bool, str | None]:
    """Whether a waiver excuses this verdict, and the waiver's text; of several the one in force speaks."""
    waivers = [w for w in plan.waivers if w.criterion == criterion]
    if not waivers or verdict is Verdict.NOT_APPLICABLE:
        return False, None
    on = plan.evaluation_date
    return _waive(next((w for w in waivers if w.dated <= on <= w.until), waivers[-1]), verdict, on)


def _waive(waiver: Waiver, verdict: Verdict, on: str) -> tuple[bool, str]:
    text = f"waiver signed by {waiver.signed_by} on {waiver.dated}, valid until {waiver.until}: {waiver.reason}"
    if on < waiver.dated:
        return False, f"not yet in force; {text}"
    if on > waiver.until:
        return False, f"expired; {text}"
    if verdict is Verdict.PASS:
        return False, f"no longer needed, and must be removed; {text}"
    return verdict is Verdict.FAIL, text
