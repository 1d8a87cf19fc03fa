"""Tricks about a run that goes badly: it is cut before its claim, and the case is run again with better luck.

None of them may lead to a GO that a reader believes, until a person has said why with name and date; and then the
reader sees that, on the first page, in the text report and from `verify`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.evidence import seal
from harness.judge import Claim, Finding, Limits, Verdict, _cut, held_against, judge
from harness.trace import Recorder, Trace
from reports import write_views
from tests.evidence._campaign import CASE, PURPOSE, SIGNER, StepClock, boot, first_data, prepare, the_plan
from tests.evidence._campaign import judged as judged_anew
from tests.evidence._tricks import BOTH, SAYS, WHY, Convinces, decision, edit, problems, profile_of, run

ABOUT = {"purpose": PURPOSE, "criterion": None, "judge": "tests.current_at_most", "params": {}, "control": False}
End = Callable[[Recorder], object]


@judge("tests.newest_at_most")
def newest_at_most(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The newest sample, held against the purpose's limit; what an earlier run drew is that run's."""
    newest = trace.of("bench.sample")[-1]
    verdict, measured = held_against("current", newest.data["values"]["i_l1_a"], limits["over"], uncertainty=0.1)
    return Finding(verdict=verdict, expected="at most 10 A", seen=f"{measured.value:g} A", acted="dut")


@judge("tests.sees_nothing")
def sees_nothing(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A judge whose instrument was silent."""
    return Finding(verdict=Verdict.INCONCLUSIVE, expected="at most 10 A", seen="the meter was silent")


def ended(outcome: str, detail: str = "") -> End:
    """A case that ended in this way without its claim."""
    return lambda r: r.record("case.ended", "harness", {"outcome": outcome, "detail": detail, "begun": True})


def broken_off(recorder: Recorder) -> None:
    """A person pressed Ctrl-C."""
    recorder.record("case.broken_off", "operator", {})
    ended("not_seen", "a person broke the run off")(recorder)


def a_silent_instrument(recorder: Recorder) -> None:
    """The case came to its claim, and its judge could not see enough."""
    recorder.record("claim", "harness", {**ABOUT, "judge": "tests.sees_nothing"})
    ended("completed")(recorder)


ENDS: dict[str, End] = {
    "killed": lambda recorder: None,
    "Ctrl-C": broken_off,
    "the network unplugged": ended("not_seen", "the connection to the charger broke"),
    "an exception of the case's own": ended("error", "ZeroDivisionError"),
    "a person who does not answer": ended("pending", "nobody answered"),
    "a case that comes to its end and claims nothing": ended("completed"),
    "an instrument unplugged": a_silent_instrument,
}


def ran_badly(place: Path, end: End, *, after: End = lambda r: None) -> Path:
    """A charger that draws 30 A where 10 A are allowed; the run is cut, and the case run again, well, at 9 A."""
    evidence, profile = place / "evidence", profile_of(emulated=True)
    plan = the_plan(profile)
    prepare(evidence, plan, profile)
    recorder = Recorder(evidence / "trace.jsonl", StepClock())
    first = first_data(evidence, plan)
    recorder.record("campaign.started", "harness", first)
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    boot(recorder, SAYS)
    recorder.case = CASE
    _begin(recorder)
    recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": 30.0}})
    end(recorder)
    recorder.case = None
    recorder.record("campaign.rerun", "harness", {"cases": [CASE], **first})
    boot(recorder, SAYS)
    recorder.case = CASE
    _begin(recorder)
    recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": 9.0}})
    recorder.record("claim", "harness", {**ABOUT, "judge": "tests.newest_at_most"})
    ended("completed")(recorder)
    recorder.case = None
    recorder.record("campaign.ended", "harness", {})
    after(recorder)
    recorder.close()
    judged_anew(evidence)
    return evidence


def _begin(recorder: Recorder) -> None:
    recorder.record("case.started", "harness", {"title": "limit", "function": CASE, "purposes": [PURPOSE]})
    recorder.record("case.begun", "harness", {"before": []})


def explained(recorder: Recorder) -> None:
    """A person says why."""
    recorder.record("run.explained", "operator", WHY)


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
