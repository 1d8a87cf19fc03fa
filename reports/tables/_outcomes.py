"""What a build server is told of a criterion or of a purpose's result: passed, failed, broken or skipped, and why."""

from __future__ import annotations

from harness.judge import CriterionResult, PurposeResult, RuleOutcome, Verdict
from reports._words import VERDICTS

PASSED = ""


def of_criterion(criterion: CriterionResult) -> tuple[str, str, str]:
    """ "failures", "errors", "skipped" or "" for passed; the kind of it; and why, in one line.

    Pass is passed. An error is an error. What does not apply, is waived or does not gate is skipped. Everything else
    (fail, inconclusive, pending) is a failure.
    """
    kind, why = str(criterion.verdict), criterion.why
    told = f"{VERDICTS[criterion.verdict].word.lower()}: {why}"
    if criterion.waived:
        return "skipped", kind, f"{VERDICTS[criterion.verdict].word.lower()}, waived: {criterion.waiver or ''}"
    if criterion.verdict is Verdict.PASS:
        return PASSED, kind, ""
    if criterion.verdict is Verdict.ERROR and criterion.gates:
        return "errors", kind, told
    if criterion.verdict is Verdict.NOT_APPLICABLE or not criterion.gates:
        return "skipped", kind, told
    return "failures", kind, told


def of_purpose(result: PurposeResult, holding_up: bool) -> tuple[str, str, str]:
    """The same of one result. `holding_up`: a criterion that the decision needs is missed, and this serves it.

    A run that was cut short and a pass of a check that was never proven are failures of kind "cut" and "unproven"
    where they hold the decision up, else skipped. A fail of an unproven check never gates, so it is skipped.
    """
    word = VERDICTS[result.verdict].word.lower()
    kind, told = str(result.verdict), f"{word}: {result.why}"
    if result.cut:
        kind, told = "cut", f"{word}, cut short: {result.why}"
    elif not result.proven and result.verdict in (Verdict.PASS, Verdict.FAIL):
        kind, told = "unproven", f"{word}, but the check was never proven: {result.why}"
    if result.waived:
        return "skipped", kind, f"{told}; waived: {result.waiver or ''}"
    if result.verdict is Verdict.PASS and kind == "pass":
        return PASSED, kind, ""
    if result.verdict is Verdict.NOT_APPLICABLE or not holding_up or (kind, result.verdict) == ("unproven", "fail"):
        return "skipped", kind, told
    return ("errors" if result.verdict is Verdict.ERROR else "failures"), kind, told


def of_rule(outcome: RuleOutcome, holding_up: bool) -> tuple[str, str, str]:
    """The same of a rule. One that is advisory, or holds nothing up, is skipped where it did not hold."""
    word = VERDICTS[outcome.verdict].word.lower()
    kind, told = str(outcome.verdict), f"{word}: {outcome.why}"
    if outcome.verdict is Verdict.PASS:
        return PASSED, kind, ""
    if outcome.waived:
        return "skipped", kind, f"{told}; waived: {outcome.waiver or ''}"
    if outcome.verdict is Verdict.NOT_APPLICABLE or not outcome.decides or not holding_up:
        return "skipped", kind, told if outcome.decides else f"advisory, {told}"
    return ("errors" if outcome.verdict is Verdict.ERROR else "failures"), kind, told
