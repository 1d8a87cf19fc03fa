"""`chargeproof explain`: what it takes, what it writes, what it leaves as it was, and what it refuses."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from harness.evidence import journal_of, recover
from harness.trace import Recorder, read_trace
from tests.evidence._campaign import CASE, SIGNER
from tests.evidence._cut import ABOUT, broken_off, ended, ran_badly
from tests.evidence._tricks import run

ID = f"{CASE}#1"
REASON, NAME = "the fuse of the bench blew", "Anna Berg"


def explain(place: Path, *more: object, reason: str = REASON, by: str = NAME, which: str = ID) -> Result:
    """The command, with what it needs."""
    return run("explain", place, "--run", which, "--reason", reason, "--by", by, *more)


def everything(place: Path) -> dict[str, bytes]:
    """Each file of a folder."""
    return {str(p): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}


def told(evidence: Path) -> list[dict[str, Any]]:
    """The reasons in the journal."""
    return [e.data for e in read_trace(journal_of(evidence)) if e.kind == "run.explained"]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The lab's key."""
    (tmp_path / "lab.pub.pem").write_bytes(SIGNER.public.pem)
    (tmp_path / "lab.pem").write_bytes(SIGNER.to_pem())
    (tmp_path / "lab.pem").chmod(0o600)
    return tmp_path / "lab.pem"


def test_without_a_run_those_that_stand_are_listed(tmp_path: Path) -> None:
    """With what was seen, and how they are explained; nothing is written, and the exit code is that of a HOLD."""
    place = ran_badly(tmp_path / "c", broken_off).parent
    before = everything(place)
    ended_ = run("explain", place)
    assert ended_.exit_code == 1 and everything(place) == before
    assert f"{ID} was cut at" in ended_.output and "a person broke the run off" in ended_.output
    assert f"--run '{ID}'" in ended_.output


def test_a_reason_makes_a_go_of_a_good_run_anew(tmp_path: Path, key: Path) -> None:
    """It becomes an event of the trace, survives the seal, and whoever verifies reads it."""
    place = ran_badly(tmp_path / "c", broken_off).parent
    ended_ = explain(place, "--key", key)
    assert ended_.exit_code == 0, ended_.output
    assert f"explained: {REASON}, signed by {NAME}" in ended_.output
    (event,) = [e for e in read_trace(place / "evidence" / "trace.jsonl") if e.kind == "run.explained"]
    assert event.data["dated"] == event.utc[:10] and event.who == "operator" and event.data["sealed_before"] == []
    verified = run("verify", place / "bundle.zip", "--key", tmp_path / "lab.pub.pem", "--rejudge")
    assert verified.exit_code == 0 and "States: GO" in verified.output
    assert (
        f"Cut: run {ID} was cut at" in verified.output and f"explained: {REASON}, signed by {NAME}" in verified.output
    )
    assert NAME in (place / "report.html").read_text() and NAME in (place / "report.txt").read_text()
    assert run("explain", place).exit_code == 0


def test_without_a_good_run_anew_a_reason_is_not_enough(tmp_path: Path) -> None:
    """The case has to be run again; the reason may come first."""
    place = ran_badly(tmp_path / "c", broken_off, again=False).parent
    ended_ = explain(place)
    assert ended_.exit_code == 1 and "HOLD" in ended_.output
    assert [each["reason"] for each in told(place / "evidence")] == [REASON]


def test_the_case_is_enough_where_one_run_of_it_was_cut(tmp_path: Path) -> None:
    """And where several were, their ids are told."""
    assert explain(ran_badly(tmp_path / "one", broken_off).parent, which=CASE).exit_code == 0

    def cut_twice(recorder: Recorder) -> None:
        broken_off(recorder)
        for kind in ("case.started", "case.begun"):
            recorder.record(kind, "harness", {"purposes": []})

    twice = ran_badly(tmp_path / "two", cut_twice)
    ended_ = explain(twice.parent, which=CASE)
    assert ended_.exit_code == 2 and f"{CASE}#1, {CASE}#2" in ended_.output


def test_what_was_sealed_before_stays_and_is_named(tmp_path: Path) -> None:
    """Whoever holds the HOLD of before can see that it is of the same campaign, and that the reason came after it."""
    place = ran_badly(tmp_path / "c", broken_off).parent
    assert run("seal", place).exit_code == 1
    digest = hashlib.sha256((place / "bundle.zip").read_bytes()).hexdigest()
    ended_ = explain(place)
    assert ended_.exit_code == 0 and "after the evidence had been sealed" in ended_.output
    assert hashlib.sha256((place / "bundle-before-1.zip").read_bytes()).hexdigest() == digest
    assert [each["sealed_before"] for each in told(place / "evidence")] == [[digest]]
    assert digest in (place / "report.html").read_text()


def test_a_run_that_was_killed_is_recovered_first(tmp_path: Path) -> None:
    """Its torn last line is cut off, the trace says so, and only then why."""
    evidence = ran_badly(tmp_path / "c", lambda recorder: None, again=False)
    with (evidence / "trace.jsonl").open("ab") as journal:
        journal.write(b'{"seq":7,"t_')
    assert explain(evidence.parent).exit_code == 1
    assert [e.kind for e in read_trace(evidence / "trace.jsonl")][-2:] == ["campaign.recovered", "run.explained"]
    recover(evidence)
    assert [e.kind for e in read_trace(evidence / "trace.jsonl")].count("campaign.recovered") == 1


def test_of_a_real_charger_the_reason_goes_into_the_private_journal(tmp_path: Path) -> None:
    """And stands in what leaves the bench as it was given; without the private journal nobody explains anything."""
    evidence = ran_badly(tmp_path / "c", broken_off, real=True)
    assert explain(evidence.parent).exit_code == 0
    assert [each["reason"] for each in told(evidence)] == [REASON]
    assert REASON in (evidence / "trace.jsonl").read_text() and NAME in (evidence / "trace.jsonl").read_text()
    bare = ran_badly(tmp_path / "bare", broken_off, real=True, again=False)
    recover(bare)
    (bare.parent / "private").rename(tmp_path / "elsewhere")
    ended_ = explain(bare.parent)
    assert ended_.exit_code == 2 and "no private journal" in ended_.output


def claimed_and_failed(recorder: Recorder) -> None:
    """A whole run that failed."""
    recorder.record("claim", "harness", ABOUT)
    ended("completed")(recorder)


def failed_then_cut(recorder: Recorder) -> None:
    """Cut after it had failed."""
    recorder.record("claim", "harness", ABOUT)
    broken_off(recorder)


@pytest.mark.parametrize("end", [claimed_and_failed, failed_then_cut])
def test_a_fail_that_was_judged_whole_is_not_explained(tmp_path: Path, end: Any) -> None:
    """Only a waiver excuses it, or a new campaign."""
    place = ran_badly(tmp_path, end).parent
    before = everything(place)
    ended_ = explain(place)
    assert ended_.exit_code == 2 and "only a waiver" in ended_.output
    assert everything(place) == before


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "a run that nobody made": ({"which": f"{CASE}#7"}, "there is no run 7"),
    "a case that nobody ran": ({"which": "test_current_folows#1"}, "no case 'test_current_folows' was run"),
    "a run that came to its end": ({"which": f"{CASE}#2"}, "nothing to explain"),
    "no reason": ({"reason": "   "}, "the reason must say"),
    "a reason that says nothing": ({"reason": "............"}, "the reason must say"),
    "no name": ({"by": ""}, "the name must be"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_explains_nothing_is_refused_and_nothing_written(tmp_path: Path, what: str) -> None:
    """Exit code 2, in words that say what would be right."""
    place = ran_badly(tmp_path, broken_off).parent
    before, (given, words) = everything(place), REFUSED[what]
    ended_ = explain(place, **given)
    assert ended_.exit_code == 2, ended_.output
    assert words in ended_.output and everything(place) == before


def test_a_stimulus_that_never_began_needs_no_reason(tmp_path: Path) -> None:
    """Run it again: nothing of the purpose was tried."""
    evidence = ran_badly(tmp_path, broken_off)
    lines = [line for line in (evidence / "trace.jsonl").read_text().splitlines() if '"case.begun"' in line]
    assert len(lines) == 2  # the control: both runs of it say that they began
    unbegun = ran_badly(tmp_path / "u", ended("not_seen", "no car"), begun=False)
    ended_ = explain(unbegun.parent)
    assert ended_.exit_code == 2 and "never began" in ended_.output


def test_a_reason_is_given_once(tmp_path: Path) -> None:
    """The first stands."""
    place = ran_badly(tmp_path, broken_off).parent
    assert explain(place).exit_code == 0
    before = everything(place)
    ended_ = explain(place, reason="it was something else")
    assert ended_.exit_code == 2 and "explained already" in ended_.output and everything(place) == before


@pytest.mark.parametrize(
    "arguments", [["--reason", REASON, "--by", NAME], ["--run", ID, "--by", NAME], ["--run", ID, "--reason", REASON]]
)
def test_half_of_what_it_needs_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    """Run, reason and name belong together."""
    assert run("explain", ran_badly(tmp_path, broken_off).parent, *arguments).exit_code == 2


def test_what_was_sealed_is_never_changed(tmp_path: Path) -> None:
    """A bundle is refused, and so is what is no campaign at all, and one that still runs."""
    place = ran_badly(tmp_path / "c", broken_off).parent
    run("seal", place, "--out", tmp_path / "b.zip")
    ended_ = explain(tmp_path / "b.zip")
    assert ended_.exit_code == 2 and "what was sealed is never changed" in ended_.output
    assert explain(tmp_path / "nowhere").exit_code == 2
    recorder = Recorder.append_to(place / "evidence" / "trace.jsonl")
    try:
        ended_ = explain(place)
    finally:
        recorder.close()
    assert ended_.exit_code == 2 and "still being recorded" in ended_.output


def test_a_folder_that_was_edited_explains_nothing(tmp_path: Path) -> None:
    """Its plan is not the one that the trace began with."""
    evidence = ran_badly(tmp_path, broken_off)
    plan = (evidence / "plan.json").read_text()
    (evidence / "plan.json").write_text(plan.replace("demo tender", "other tender"))
    before = everything(evidence.parent)
    ended_ = explain(evidence.parent)
    assert ended_.exit_code == 2 and everything(evidence.parent) == before, ended_.output
