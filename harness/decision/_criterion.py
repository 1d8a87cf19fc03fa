"""From the voices of purposes, papers and logs to one criterion's verdict: one table of truth."""

from __future__ import annotations

from harness.decision._known import Known, by_paper, missing, not_by_paper, of_all
from harness.decision._next import PAPER_NOT_ACCEPTED, UNPROVEN, UNSUPPORTED, next_step
from harness.decision._table import Row, Ruling, always, ruling
from harness.decision._waivers import waived
from harness.judge import CriterionResult, FindingResult, Verdict, worst
from harness.plan import Plan
from requirement_catalog import Obligation, Phase, VerifiedBy

_BY_PAPER = ("a paper, in place of a test", "a paper, for what cannot be tested", "no paper")
_WORST_FIRST = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.PENDING, Verdict.PASS)


def _untested(known: Known) -> bool:
    """Nothing was tested, and nothing but the bench or a missing case is to blame."""
    return not known.logs and not known.rules and all(v.settled.untestable for v in known.voices)


def _in_place_of_a_test(known: Known) -> bool:
    """A paper is at hand for what a test exists for, and only the bench kept that test from running."""
    return known.by_paper and _untested(known) and known.kept_by_the_bench


def _denied(known: Known) -> bool:
    return known.told is not None and known.told[0] == "no" and known.seen is not Verdict.PASS


def _told(known: Known) -> str:
    return known.told[1] if known.told is not None else ""


CRITERION: tuple[Row[Known], ...] = (
    Row(
        "does not apply",
        lambda k: not k.planned.applies,
        Verdict.NOT_APPLICABLE,
        lambda k: k.planned.reason,
    ),
    Row(
        "declared unsupported, optional",
        lambda k: k.planned.declared == "no" and k.planned.feature_optional,
        Verdict.NOT_APPLICABLE,
        lambda k: "declared unsupported in the supplier's own statement; the standard leaves it optional",
    ),
    Row(
        "declared unsupported",
        lambda k: k.planned.declared == "no",
        Verdict.FAIL,
        lambda k: "declared unsupported in the supplier's own statement, but the tender obliges it",
    ),
    Row(
        "told unsupported, optional",
        lambda k: _denied(k) and k.planned.feature_optional,
        Verdict.NOT_APPLICABLE,
        lambda k: f"{_told(k)}; the standard leaves it optional",
    ),
    Row(
        "told unsupported",
        _denied,
        Verdict.FAIL,
        lambda k: f"{_told(k)}, but the tender obliges it",
    ),
    Row(
        "seen to fail",
        lambda k: Verdict.FAIL in k.evidence,
        Verdict.FAIL,
        lambda k: of_all(k, Verdict.FAIL),
    ),
    Row(
        "the harness failed",
        lambda k: Verdict.ERROR in k.evidence,
        Verdict.ERROR,
        lambda k: of_all(k, Verdict.ERROR),
    ),
    Row(
        "all of it unsupported, optional",
        lambda k: not k.evidence and bool(k.denied) and k.optional,
        Verdict.NOT_APPLICABLE,
        lambda k: f"{k.denied[0].why}; the standard leaves it optional",
    ),
    Row(
        "all of it unsupported",
        lambda k: not k.evidence and bool(k.denied),
        Verdict.FAIL,
        lambda k: f"{k.denied[0].why}, but the tender obliges it",
    ),
    Row(  # what a bench brings is the lab's choice; whether a paper will do is the client's
        "a paper, where the tender asks for a test",
        lambda k: _in_place_of_a_test(k) and not k.planned.papers_accepted and worst(k.papers) is Verdict.PASS,
        Verdict.INCONCLUSIVE,
        lambda k: not_by_paper(k),
    ),
    Row(
        "a paper, in place of a test",
        lambda k: _in_place_of_a_test(k) and bool(k.planned.papers_accepted),
        lambda k: worst(k.papers),
        lambda k: f"{by_paper(k)}; the tender accepts a paper: {k.planned.papers_accepted}",
    ),
    Row(
        "a paper, for what cannot be tested",
        lambda k: k.by_paper and _untested(k) and not k.kept_by_the_bench,
        lambda k: worst(k.papers),
        lambda k: by_paper(k),
    ),
    Row(
        "no paper",
        lambda k: k.planned.verified_by is VerifiedBy.DOCUMENT_REVIEW and not k.evidence,
        Verdict.PENDING,
        lambda k: "no paper was reviewed for it",
    ),
    Row(
        "only in service",
        lambda k: k.planned.phase is Phase.OPERATION and not k.evidence,
        Verdict.PENDING,
        lambda k: "it can only be shown in service, after go-live",
    ),
    Row(
        "nothing judged it",
        lambda k: not k.evidence,
        Verdict.INCONCLUSIVE,
        lambda k: missing(k),
    ),
    Row(
        "not all of it proven",
        lambda k: k.seen is not Verdict.PASS,
        lambda k: k.seen,
        lambda k: of_all(k, k.seen),
    ),
    Row(
        "proven",
        always,
        Verdict.PASS,
        lambda k: of_all(k, Verdict.PASS),
    ),
)


def criterion_result(plan: Plan, known: Known) -> CriterionResult:
    """The verdict on one criterion, with its waiver and who must do what next. Pure."""
    planned, said = known.planned, ruling(CRITERION, known)
    excuse = waived(plan, planned.id, said.verdict)
    who, what = _next(known, said)
    heard = sorted(known.voices, key=lambda v: _WORST_FIRST.index(v.verdict))
    ruled = sorted(known.rules, key=lambda r: _WORST_FIRST.index(r.verdict))
    applies = said.row not in ("does not apply", "declared unsupported, optional", "told unsupported, optional")
    return CriterionResult(
        id=planned.id,
        requirement=planned.requirement,
        statement=planned.statement,
        verdict=said.verdict,
        obligation=planned.obligation,
        phase=planned.phase,
        why=said.why,
        proven_by=_proven_by(known, said),
        waived=excuse.excused,
        waiver=excuse.text,
        gates=planned.applies and planned.obligation is Obligation.MANDATORY and planned.phase is Phase.ACCEPTANCE,
        next_who=who,
        next_what=what,
        purposes=tuple(v.label for v in heard) if applies else (),
        rules=tuple(r.label for r in ruled) if applies else (),
        findings=tuple(FindingResult(claim=j.claim, finding=j.finding) for j in known.own) if applies else (),
        clauses=planned.clauses,
        dispute=planned.dispute,
    )


def _next(known: Known, said: Ruling) -> tuple[str, str]:
    if said.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
        return "", ""
    if said.row in ("declared unsupported", "told unsupported", "all of it unsupported"):
        return UNSUPPORTED
    deciding = next((v for v in known.voices if v.verdict is said.verdict), None)
    rule = next((r.outcome for r in known.rules if r.verdict is said.verdict), None)
    if deciding is None and rule is not None:
        return rule.next_who, rule.next_what
    if deciding is None or said.row in _BY_PAPER:
        return next_step(said.verdict)
    if said.row == "a paper, where the tender asks for a test":
        return deciding.settled.result.next_who, PAPER_NOT_ACCEPTED.format(known.planned.id)
    if deciding.row.startswith("an unproven"):
        return UNPROVEN
    result = deciding.settled.result
    return result.next_who, result.next_what


def _proven_by(known: Known, said: Ruling) -> str:
    if said.row in _BY_PAPER:
        return str(VerifiedBy.DOCUMENT_REVIEW) if known.papers else ""
    if not known.evidence or said.verdict is Verdict.NOT_APPLICABLE:
        return ""
    by = known.planned.verified_by
    return str(VerifiedBy.TEST if by is VerifiedBy.DOCUMENT_REVIEW else by)
