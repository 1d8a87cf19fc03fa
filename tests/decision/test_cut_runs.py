"""What a decision tells of the runs that were cut: which purpose, when, why, what was seen until then."""

from __future__ import annotations

from typing import Any

from harness.judge import Verdict
from tests.decision._plans import CASE, PURPOSE, decided, ended, explained, judged, trace

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
STARTED = ("case.started", {"case": CASE, "title": "It follows"})
STEP = ("step.started", {"case": CASE, "text": "reduce to zero"})
BROKEN_OFF = [STARTED, STEP, ("case.broken_off", {"case": CASE}), *ended("not_seen")[1:]]


def test_a_run_that_was_broken_off_is_described() -> None:
    """By whom, when, how far it had come, and what was seen."""
    found = judged(FAIL, seen="16 A", intended=1)
    (cut,) = decided(found, seen=trace(*BROKEN_OFF)).cut_runs
    assert (cut.id, cut.title, cut.purposes) == (f"{CASE}#1", "It follows", (PURPOSE,))
    assert cut.why == "a person broke the run off" and cut.at == "2026-11-22T12:00:03.000000Z"
    assert cut.seen == ("it had come to the step: reduce to zero", f"{PURPOSE} fail: 16 A")
    assert cut.failed and cut.stands and cut.explained == ""


def test_a_reason_takes_its_weight_and_leaves_it_in_sight() -> None:
    """Explained and run anew, it is still told, with who said why."""
    found = judged(FAIL, seen="16 A", intended=1)
    result = decided(found, judged(PASS, run=2), seen=trace(*BROKEN_OFF, explained(), f"run:{CASE}"))
    (cut,) = result.cut_runs
    assert result.decision == "GO" and not cut.stands and cut.failed
    assert cut.explained == "the fuse of the bench blew, signed by Anna Berg on 2026-11-22"


def test_a_reason_that_came_after_the_seal_says_so() -> None:
    """The earlier bundle is named by its digest, so that whoever holds it can see that it is the same campaign's."""
    kind, data = explained()
    seen = trace(*BROKEN_OFF, (kind, {**data, "sealed_before": ["ab" * 32]}), f"run:{CASE}")
    (cut,) = decided(judged(PASS, run=2), seen=seen).cut_runs
    assert cut.sealed_before == ("ab" * 32,) and cut.explained.endswith("after the evidence had been sealed")


def test_how_it_came_to_nothing_is_told() -> None:
    """Killed, our own fault, a person's silence, a wait that came to nothing, a run without a verdict."""
    ways: dict[str, tuple[list[Any], str]] = {
        "killed": ([STARTED], "killed, or without power"),
        "error": (ended("error"), "the harness failed: why"),
        "pending": (ended("pending"), "gave no answer: why"),
        "not seen": (ended("not_seen"), "it ended early: why"),
    }
    for marks, words in ways.values():
        (cut,) = decided(judged(PASS, run=2), seen=trace(*marks, f"run:{CASE}")).cut_runs
        assert words in cut.why and cut.stands
    again = decided(judged(INCONCLUSIVE), judged(PASS, run=2), seen=trace(f"run:{CASE}", f"run:{CASE}"))
    assert "came to no verdict" in again.cut_runs[0].why


def test_what_is_no_cut_is_not_told_as_one() -> None:
    """A whole run, passed or failed; one that has only been inconclusive; one whose stimulus never began."""
    for verdict in (PASS, FAIL, INCONCLUSIVE):
        assert decided(judged(verdict)).cut_runs == ()
    unbegun = trace(STARTED, ("case.ended", {"case": CASE, "outcome": "not_seen"}), ("case.begun", {"case": "other"}))
    assert decided(seen=unbegun).cut_runs == ()
