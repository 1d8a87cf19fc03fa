"""Tricks about a run that goes badly: it is cut before its claim, and the case is run again with better luck.

None of them may lead to a GO that a reader believes, until a person has said why with name and date; and then the
reader sees that, on the first page, in the text report and from `verify`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.evidence import seal
from harness.judge import _cut
from harness.trace import Recorder
from reports import write_views
from tests.evidence._campaign import CASE, SIGNER
from tests.evidence._cut import ABOUT, ENDS, broken_off, ended, explained, ran_badly
from tests.evidence._tricks import BOTH, WHY, Convinces, decision, edit, problems, run


@pytest.mark.parametrize("end", ENDS)
def test_a_run_that_was_cut_when_it_went_badly(tmp_path: Path, convinces: Convinces, end: str) -> None:
    """Run again it passes, and is a HOLD that says which run, and what would help."""
    evidence = ran_badly(tmp_path / "as-it-was", ENDS[end])
    assert decision(evidence) == "HOLD" and convinces(evidence) == []
    told = ran_badly(tmp_path / "explained", ENDS[end], after=explained)
    assert decision(told) == "GO" and convinces(told) == BOTH
    said = run("verify", tmp_path / "lab.zip").output
    assert f"run {CASE}#1 was cut" in said and "Anna Berg on 2026-11-22" in said


def test_a_fail_that_was_seen_before_the_cut_needs_no_claim(
    tmp_path: Path, convinces: Convinces, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the case had said it would claim is judged over what there is; also where the meter's plug was pulled."""
    monkeypatch.setattr(_cut, "FAIL_EARLY", _cut.FAIL_EARLY | {"tests.newest_at_most"})

    def intended(recorder: Recorder) -> None:
        recorder.record("claim.intended", "harness", {**ABOUT, "judge": "tests.newest_at_most"})
        recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": 30.0}})
        ended("error", "the meter is gone")(recorder) if unplugged else broken_off(recorder)

    for unplugged in (False, True):
        evidence = ran_badly(tmp_path / f"unplugged-{unplugged}", intended)
        (result,) = msgspec.json.decode((evidence / "verdicts.json").read_bytes())["purposes"]
        assert result["verdict"] == ("inconclusive" if unplugged else "fail") and convinces(evidence) == []
        assert [each["failed"] for each in cut_runs(evidence)] == [True]
        assert convinces(ran_badly(tmp_path / f"told-{unplugged}", intended, after=explained)) == BOTH
        assert "A FAIL HAD BEEN SEEN by then" in run("verify", tmp_path / "lab.zip").output


def cut_runs(evidence: Path) -> list[dict[str, Any]]:
    """Those that the verdicts tell of."""
    found: list[dict[str, Any]] = msgspec.json.decode((evidence / "verdicts.json").read_bytes())["cut_runs"]
    return found


def test_a_cut_run_left_out_of_the_verdicts(tmp_path: Path, convinces: Convinces) -> None:
    """Without judging again: who explained what is found in the trace."""
    evidence = ran_badly(tmp_path / "told", broken_off, after=explained)
    edit(evidence, "verdicts.json", lambda verdicts: verdicts.update(cut_runs=[]))
    convinces(evidence)
    assert "does not tell that run" in problems(tmp_path)


def test_a_reason_written_into_the_verdicts_alone(tmp_path: Path, convinces: Convinces) -> None:
    """Nobody gave it."""
    evidence = ran_badly(tmp_path / "bare", broken_off)

    def told(verdicts: dict[str, Any]) -> None:
        verdicts.update(decision="GO", reasons=[])
        verdicts["cut_runs"][0].update(
            reason="it was the fuse", signed_by="Anna Berg", dated="2026-11-22", stands=False
        )

    edit(evidence, "verdicts.json", told)
    assert convinces(evidence) == []
    assert "by a reason that its trace does not hold" in problems(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "."},
        {"signed_by": ""},
        {"dated": "2020-01-01"},
        {"run": 2},
        {"case": "another"},
    ],
)
def test_a_reason_that_is_none(tmp_path: Path, convinces: Convinces, wrong: dict[str, Any]) -> None:
    """Written into the trace by a program of one's own."""
    evidence = ran_badly(tmp_path, broken_off, after=lambda r: r.record("run.explained", "operator", {**WHY, **wrong}))
    assert convinces(evidence) == []


def test_a_reason_for_a_run_that_failed_whole(tmp_path: Path, convinces: Convinces) -> None:
    """Only a waiver excuses it, or a new campaign."""

    def failed(recorder: Recorder) -> None:
        recorder.record("claim", "harness", ABOUT)
        ended("completed")(recorder)

    assert convinces(ran_badly(tmp_path / "whole", failed, after=explained)) == []

    def failed_then_cut(recorder: Recorder) -> None:
        recorder.record("claim", "harness", ABOUT)
        broken_off(recorder)

    assert convinces(ran_badly(tmp_path / "cut", failed_then_cut, after=explained)) == []

    def failed_then_unplugged(recorder: Recorder) -> None:
        recorder.record("claim", "harness", ABOUT)
        ended("error", "the meter is gone")(recorder)

    assert convinces(ran_badly(tmp_path / "unplugged", failed_then_unplugged, after=explained)) == []


def test_the_reason_is_on_every_view(tmp_path: Path) -> None:
    """The first page, the text report: which run, when, why, what was seen, who explained it."""
    for name, after in (("bare", lambda r: None), ("told", explained)):
        evidence = ran_badly(tmp_path / name, broken_off, after=after)
        seal(evidence, tmp_path / name / "bundle.zip", SIGNER)
        write_views(tmp_path / name / "bundle.zip", tmp_path / name)
        for view in ("report.html", "report.txt"):
            text = (tmp_path / name / view).read_text()
            assert f"{CASE}#1" in text and "a person broke the run off" in text, view
            assert ("Anna Berg" in text) is (name == "told"), view
            assert ("not explained" in text.lower()) is (name == "bare"), view
