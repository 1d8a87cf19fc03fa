"""How the reasons for HOLD read on the panel: one cause once, no fail cut off, the rest counted."""

from __future__ import annotations

from harness.cli.view._reasons import reason_lines
from harness.judge import Reason, Verdict


def reason(criterion: str, why: str, verdict: Verdict = Verdict.INCONCLUSIVE) -> Reason:
    """One reason."""
    return Reason(criterion=criterion, verdict=verdict, why=why, who="test engineer", what="supply it")


def test_one_cause_is_told_once_with_all_that_it_leaves_open() -> None:
    """A bench without a pilot leaves many criteria open, and is one thing to do."""
    lines = [line.plain for line in reason_lines([reason("SC-04.2", "no pilot"), reason("SC-04.3", "no pilot")])]
    assert lines == ["\nSC-04.2, SC-04.3 inconclusive: no pilot", "  test engineer: supply it"]


def test_another_verdict_or_another_cause_is_told_apart() -> None:
    """What failed is never hidden among what was only not shown."""
    told = [reason("SC-04.1", "x", Verdict.FAIL), reason("SC-04.2", "x"), reason("SC-04.3", "y")]
    assert len(reason_lines(told)) == 6


def test_no_fail_is_cut_off_and_the_rest_is_counted() -> None:
    """Twenty fails are twenty things that a supplier has to know."""
    fails = [reason(f"SC-01.{n}", f"f{n}", Verdict.FAIL) for n in range(20)]
    lines = [line.plain for line in reason_lines([*fails, reason("SC-09.1", "z"), reason("SC-09.2", "z")])]
    assert sum("fail" in line for line in lines) == 20 and lines[-1] == "\n… and 2 more reasons in the report"
