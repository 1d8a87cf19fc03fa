"""The tables of truth for one run of a case, and for all runs of it: one test for each row."""

from __future__ import annotations

from typing import Any

import pytest

from harness.decision._attempts import ATTEMPT, CUT, HISTORY, Attempt, CaseRun, case_runs, history
from harness.decision._table import ruling
from harness.judge import Judged, Verdict
from tests.decision._plans import CASE, decided, judged, one, trace

PASS, FAIL, INCONCLUSIVE, ERROR = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR
CONTROL = judged(PASS, control=True)


def attempt(
    *findings: Judged, outcome: str = "completed", foreign: str = "", judges: tuple[str, ...] = (), **run: Any
) -> Attempt:
    """A run of the case."""
    return Attempt(CaseRun(CASE, 1, 1, outcome, "why", **run), findings, foreign, judges)


ATTEMPTS: dict[str, tuple[Attempt, Verdict, str]] = {
    "the harness failed": (attempt(judged(FAIL), outcome="error"), ERROR, "the harness failed"),
    "seen to fail": (attempt(judged(PASS), judged(FAIL), outcome="", foreign="f"), FAIL, "seen to fail"),
    "on something else": (attempt(judged(PASS), foreign="it ran on 2.0"), INCONCLUSIVE, "2.0"),
    "interrupted": (attempt(judged(PASS), outcome=""), INCONCLUSIVE, "cut: "),
    "ended early": (attempt(judged(PASS), outcome="not_seen"), INCONCLUSIVE, "why"),
    "silent": (attempt(), INCONCLUSIVE, "never judged"),
    "a control alone": (attempt(CONTROL), INCONCLUSIVE, "proves nothing"),
    "a judge unheard": (attempt(judged(PASS), judges=("tests.never_asked",)), INCONCLUSIVE, "never asked tests"),
    "the worst of its claims": (attempt(CONTROL, judged(PASS), judged(INCONCLUSIVE)), INCONCLUSIVE, "inconclusive"),
}


@pytest.mark.parametrize("row", ATTEMPTS)
def test_a_run_of_a_case(row: str) -> None:
    """Each row of the table, reached by facts that fit no row above it."""
    facts, verdict, words = ATTEMPTS[row]
    said = ruling(ATTEMPT, facts)
    assert (said.row, said.verdict) == (row, verdict)
    assert words in said.why


GOOD, BAD = attempt(judged(PASS)), attempt(judged(FAIL, seen="16 A"))
EXPLAINED = attempt(judged(FAIL), explained="the fuse blew, signed by A. B. on 2026-11-22")

HISTORIES: dict[str, tuple[list[Attempt], Verdict, str]] = {
    "never ran": ([], INCONCLUSIVE, "did not run"),
    "the newest run failed": ([GOOD, BAD], FAIL, "16 A"),
    "an earlier run failed": ([BAD, GOOD], FAIL, "an earlier run of the case failed: 16 A"),
    "explained, and not run again": ([GOOD, EXPLAINED], INCONCLUSIVE, "the fuse blew"),
    "the newest run": ([EXPLAINED, attempt(outcome=""), attempt(outcome="error"), GOOD], PASS, "seen to pass"),
}


@pytest.mark.parametrize("row", HISTORIES)
def test_all_runs_of_a_case(row: str) -> None:
    """A cut is made good by a whole run anew; a fail by nothing, unless the harness or a person explains it."""
    attempts, verdict, words = HISTORIES[row]
    said = ruling(HISTORY, history(attempts))
    assert (said.row, said.verdict) == (row, verdict)
    assert words in said.why


def test_each_row_has_its_test() -> None:
    """So that no row is added without one."""
    assert [row.name for row in ATTEMPT] == list(ATTEMPTS)
    assert [row.name for row in HISTORY] == list(HISTORIES)
    assert set(CUT) < set(ATTEMPTS)


@pytest.mark.parametrize("last", ["interrupted", "ended early", "silent", "a judge unheard"])
def test_a_cut_stands_until_a_whole_run(last: str) -> None:
    """Also after a good one: the newest counts, and it is marked as cut."""
    made = history([GOOD, ATTEMPTS[last][0]])
    assert ruling(HISTORY, made).verdict is INCONCLUSIVE
    assert made.last.cut
    assert not history([ATTEMPTS[last][0], GOOD]).last.cut


EXPLAINS = {"case": CASE, "run": 1, "reason": "the fuse blew", "signed_by": "A. B.", "dated": "2026-11-22"}


def test_a_person_s_dated_reason_explains_a_run() -> None:
    """Failed, explained, run anew: both runs are shown, and the fail does not count."""
    seen = trace(f"run:{CASE}", ("run.explained", EXPLAINS), f"run:{CASE}")
    result = decided(judged(FAIL), judged(PASS, run=2), seen=seen)
    assert result.decision == "GO"
    assert len(result.purposes[0].findings) == 2
    assert "run 1 does not count: the fuse blew, signed by A. B. on 2026-11-22" in one(result).why


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"signed_by": " "},
        {"dated": ""},
        {"dated": "yesterday"},
        {"run": 2},
        {"run": "1"},
        {"case": "another"},
        {"case": None},
    ],
)
def test_a_reason_without_name_date_or_run_explains_nothing(wrong: dict[str, Any]) -> None:
    """And none explains another run than its own."""
    seen = trace(f"run:{CASE}", ("run.explained", {**EXPLAINS, **wrong}), f"run:{CASE}")
    result = decided(judged(FAIL), judged(PASS, run=2), seen=seen)
    assert one(result).verdict in (FAIL, INCONCLUSIVE)
    assert result.decision == "HOLD"


def test_a_case_that_was_killed_is_a_run_without_an_end() -> None:
    """Started, never ended; one that ended without an outcome counts as the harness's failure."""
    seen = trace(("case.started", {"case": CASE}), f"run:{CASE}", ("case.started", {"case": CASE}))
    assert [(r.number, r.outcome) for r in case_runs(seen)[CASE]] == [(1, ""), (2, "completed"), (3, "")]
    odd = trace(("case.started", {"case": CASE}), ("case.ended", {"case": CASE}))
    assert case_runs(odd)[CASE][0].outcome == "error"


def test_findings_whose_case_left_no_mark_are_kept() -> None:
    """A trace without the start of a case proves nothing, and a fail in it is a fail."""
    assert one(decided(judged(PASS), seen=trace())).verdict is INCONCLUSIVE
    assert one(decided(judged(FAIL), seen=trace())).verdict is FAIL
