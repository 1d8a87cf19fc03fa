"""The tables of truth for one run of a case, and for all runs of it: one test for each row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.decision._table import ruling
from harness.decision.runs._attempts import ATTEMPT, CUT, HISTORY, Attempt, history
from harness.decision.runs._runs import CaseRun, Explanation, case_runs
from harness.judge import Judged, Verdict
from tests.decision._plans import CASE, PURPOSE, decided, judged, one, trace

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
    "seen to fail before it was cut": (attempt(judged(FAIL, seen="16 A", intended=1), outcome=""), FAIL, "cut: 16 A"),
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
CUT_OFF = judged(FAIL, seen="16 A", intended=1)
REASON = Explanation("the fuse of the bench blew", "Anna Berg", "2026-11-22")
EXPLAINED = attempt(CUT_OFF, outcome="", explained=REASON)
KILLED, BROKEN = attempt(outcome=""), attempt(CUT_OFF, outcome="error")

HISTORIES: dict[str, tuple[list[Attempt], Verdict, str]] = {
    "never ran": ([], INCONCLUSIVE, "did not run"),
    "the newest run failed": ([GOOD, BAD], FAIL, "16 A"),
    "an earlier run failed": ([BAD, GOOD], FAIL, "an earlier run of the case failed: 16 A"),
    "explained, and not run again": ([GOOD, EXPLAINED], INCONCLUSIVE, "the fuse of the bench blew"),
    "an earlier run came to no verdict": ([EXPLAINED, KILLED, BROKEN, GOOD], INCONCLUSIVE, "nobody has explained"),
    "the newest run": ([EXPLAINED, GOOD], PASS, "seen to pass"),
}


@pytest.mark.parametrize("row", HISTORIES)
def test_all_runs_of_a_case(row: str) -> None:
    """A cut is made good by a person's reason and a whole run anew; a fail that the case itself claimed by nothing."""
    attempts, verdict, words = HISTORIES[row]
    said = ruling(HISTORY, history(attempts))
    assert (said.row, said.verdict) == (row, verdict)
    assert words in said.why


def test_each_row_has_its_test() -> None:
    """So that no row is added without one."""
    assert [row.name for row in ATTEMPT] == list(ATTEMPTS)
    assert [row.name for row in HISTORY] == list(HISTORIES)
    assert set(CUT) < set(ATTEMPTS)


NO_VERDICT = {
    **{row: ATTEMPTS[row][0] for row in ("interrupted", "ended early", "silent", "a control alone", "a judge unheard")},
    "the harness failed": BROKEN,
    "inconclusive": attempt(judged(INCONCLUSIVE)),
    "pending": attempt(judged(Verdict.PENDING)),
    "on something else": ATTEMPTS["on something else"][0],
}


@pytest.mark.parametrize("how", NO_VERDICT)
def test_a_run_without_a_verdict_stands_until_it_is_explained_and_run_anew(how: str) -> None:
    """However it came to none: after a good run it counts itself, before one it wants a person's reason."""
    assert ruling(HISTORY, history([GOOD, NO_VERDICT[how]])).verdict in (INCONCLUSIVE, ERROR, Verdict.PENDING)
    washed = ruling(HISTORY, history([NO_VERDICT[how], GOOD]))
    assert (washed.verdict, washed.row) == (INCONCLUSIVE, "an earlier run came to no verdict")
    mine = replace(NO_VERDICT[how], run=replace(NO_VERDICT[how].run, explained=REASON))
    said = ruling(HISTORY, history([mine, GOOD]))
    assert said.verdict is PASS and str(REASON) in said.why
    assert ruling(HISTORY, history([GOOD, mine])).row == "explained, and not run again"


def test_what_never_began_needs_no_reason() -> None:
    """The charger was not brought to where the case begins: nothing of the purpose was tried, so nothing is hidden."""
    before = attempt(outcome="not_seen", begun=False)
    assert ruling(HISTORY, history([before, GOOD])).verdict is PASS
    assert ruling(HISTORY, history([before])).verdict is INCONCLUSIVE


def test_what_a_case_itself_claimed_no_reason_excuses() -> None:
    """A fail that was judged whole is cured by a waiver or in a new campaign, also where the run was cut after it."""
    for outcome in ("completed", "", "not_seen"):
        mine = attempt(judged(FAIL, seen="16 A"), outcome=outcome, explained=REASON)
        assert ruling(HISTORY, history([mine, GOOD])).verdict is FAIL
        assert not history([mine, GOOD]).told[0].explained


def test_a_fault_of_ours_after_a_whole_fail_takes_nothing_back() -> None:
    """Nor the meter's plug, pulled once the red was seen."""
    for explained in (None, REASON):
        pulled = attempt(judged(FAIL, seen="16 A"), outcome="error", explained=explained)
        assert ruling(HISTORY, history([pulled])).verdict is ERROR
        assert ruling(HISTORY, history([GOOD, pulled])).verdict is ERROR
        washed = ruling(HISTORY, history([pulled, GOOD]))
        assert (washed.verdict, washed.row) == (FAIL, "an earlier run failed") and "16 A" in washed.why
        assert not history([pulled, GOOD]).told[0].explained


def test_a_fail_that_was_seen_before_the_cut_is_one() -> None:
    """Nobody has to wait for a claim that was never made; a person's reason may excuse it, the next run does not."""
    bare = attempt(CUT_OFF, outcome="")
    for later in ([], [GOOD]):
        said = ruling(HISTORY, history([bare, *later]))
        assert said.verdict is FAIL and "16 A" in said.why
    assert ruling(HISTORY, history([EXPLAINED, GOOD])).verdict is PASS


def test_a_pass_that_was_seen_before_the_cut_is_nothing() -> None:
    """Nor does it make the purpose's judge heard."""
    half = attempt(judged(PASS, intended=1, judge="tests.asked"), outcome="completed", judges=("tests.asked",))
    assert ruling(ATTEMPT, half).row == "a control alone"
    assert half.unheard == ["tests.asked"]


def test_a_fault_of_the_harness_tells_what_it_had_seen() -> None:
    """It blames nobody, and hides nothing."""
    assert "until then it had seen a fail: 16 A" in ruling(ATTEMPT, BROKEN).why


EXPLAINS = {
    "case": CASE,
    "run": 1,
    "reason": "the fuse of the bench blew",
    "signed_by": "Anna Berg",
    "dated": "2026-11-22",
}
TWICE = (("case.started", {"case": CASE}), ("run.explained", EXPLAINS), f"run:{CASE}")


def test_a_person_s_dated_reason_explains_a_run() -> None:
    """Cut, explained, run anew: the fail that was seen does not count, and both runs are shown."""
    result = decided(judged(FAIL, intended=1), judged(PASS, run=2), seen=trace(*TWICE))
    assert result.decision == "GO"
    assert len(result.purposes[0].findings) == 2
    assert "run 1 does not count: the fuse of the bench blew, signed by Anna Berg on 2026-11-22" in one(result).why


def test_without_a_reason_it_is_a_hold_and_says_whose_move_it_is() -> None:
    """The control of the above."""
    silent = trace(TWICE[0], TWICE[2])
    result = decided(judged(PASS, run=2), seen=silent)
    assert result.decision == "HOLD"
    assert one(result).verdict is INCONCLUSIVE and "nobody has explained" in one(result).why
    assert "chargeproof explain" in one(result).next_what
    assert decided(judged(FAIL, intended=1), judged(PASS, run=2), seen=silent).decision == "HOLD"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "."},
        {"reason": "- - - - - - - -"},
        {"signed_by": " "},
        {"signed_by": "AB"},
        {"signed_by": None},
        {"dated": ""},
        {"dated": "yesterday"},
        {"dated": "2026-11-20"},
        {"dated": "2026-11-24"},
        {"run": 0},
        {"run": 2},
        {"run": "1"},
        {"case": "another"},
        {"case": None},
    ],
)
def test_a_reason_without_name_date_or_run_explains_nothing(wrong: dict[str, Any]) -> None:
    """And none explains another run than its own."""
    seen = trace(TWICE[0], ("run.explained", {**EXPLAINS, **wrong}), TWICE[2])
    result = decided(judged(PASS, run=2), seen=seen)
    assert one(result).verdict is INCONCLUSIVE
    assert result.decision == "HOLD"


def test_a_reason_given_ahead_of_the_run_explains_nothing() -> None:
    """Nobody knows beforehand why a run will be cut."""
    seen = trace(TWICE[1], TWICE[0], TWICE[2])
    assert decided(judged(PASS, run=2), seen=seen).decision == "HOLD"


def test_the_first_reason_stands() -> None:
    """A second one changes nothing."""
    second = ("run.explained", {**EXPLAINS, "reason": "it was the other fuse"})
    (run, _) = case_runs(trace(TWICE[0], TWICE[1], second, TWICE[2]))[CASE]
    assert run.explained == REASON


def test_runs_know_whether_they_began_and_when_they_stopped() -> None:
    """A stimulus that was broken off stopped there, not when the charger had been brought back."""
    begun = ("case.begun", {"case": CASE})
    off = ("case.broken_off", {"case": CASE})
    over = ("case.ended", {"case": CASE, "outcome": "not_seen", "begun": True})
    start = ("case.started", {"case": CASE, "title": "T", "purposes": [PURPOSE]})
    seen = trace(start, begun, off, ("step.ended", {"case": CASE}), over, start, start, begun)
    first, second, third = case_runs(seen)[CASE]
    assert (first.begun, second.begun, third.begun) == (True, False, True)
    assert (first.ended_utc, first.broken_off) == ("2026-11-22T12:00:03.000000Z", True)
    assert second.ended_utc == "2026-11-22T12:00:06.000000Z" and second.outcome == ""
    assert third.ended_utc == "2026-11-22T12:00:08.000000Z"
    assert (first.id, first.title, first.purposes) == (f"{CASE}#1", "T", (PURPOSE,))


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
