"""Tricks about when it was, how it ended and how it reads: clocks, days, ends, decisions, line breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.evidence import seal, verify
from harness.evidence.bundle import _zip
from harness.evidence.bundle._survey import survey
from harness.plan import Waiver
from harness.trace import Recorder
from tests.evidence._campaign import CASE, SIGNER, campaign, judged, run_case, seal_by_hand, the_plan
from tests.evidence._tricks import (
    BOTH,
    SAYS,
    Convinces,
    decision,
    edit,
    folder,
    problems,
    rechained,
    run,
)


def as_of(day: str) -> Any:
    """A plan that is judged as of that day."""
    return lambda plan: msgspec.structs.replace(plan, evaluation_date=day)


def test_the_day_of_judgement_moved(tmp_path: Path, convinces: Convinces) -> None:
    """A paper that had expired is in date as of an earlier day; the trace holds the day, and binds the plan."""
    evidence = folder(tmp_path)
    edit(evidence, "plan.json", lambda plan: plan.update(evaluation_date="2020-01-01"))
    assert convinces(evidence) == []


def test_judged_as_of_a_day_before_the_test_only_where_the_client_says_so(tmp_path: Path, convinces: Convinces) -> None:
    """In an overlay, which lies open in the bundle; `verify` prints both days, whoever said so."""
    evidence = folder(tmp_path / "no", also=as_of("2026-11-02"))
    assert convinces(evidence) == []
    assert "no overlay of the client says so" in run("verify", tmp_path / "lab.zip").output
    assert (
        convinces(folder(tmp_path / "yes", also=as_of("2026-11-02"), overlay="evaluation_date: 2026-11-02\n")) == BOTH
    )
    said = run("verify", tmp_path / "lab.zip").output
    assert "Judged: as of 2026-11-02" in said and "before the day of the test (2026-11-22)" in said
    other = folder(tmp_path / "other", also=as_of("2026-11-02"), overlay="evaluation_date: 2026-11-03\n")
    assert convinces(other) == []


def test_a_day_that_only_the_clocks_of_the_world_make_earlier_is_none(tmp_path: Path, convinces: Convinces) -> None:
    """The control: the bench's evening of the 21st is the 22nd in UTC."""
    assert convinces(folder(tmp_path, also=as_of("2026-11-21"))) == BOTH


def test_a_clock_that_runs_backwards(tmp_path: Path, convinces: Convinces) -> None:
    """A slow answer made quick by moving it: the clock that nobody can set ran backwards."""
    evidence = folder(tmp_path)
    rechained(evidence, lambda events: [*events[:4], {**events[4], "t_ns": events[4]["t_ns"] + 10**12}, *events[5:]])
    assert convinces(evidence) == []
    assert "runs backwards" in problems(tmp_path)


def test_a_part_of_the_test_moved_to_another_day(tmp_path: Path, convinces: Convinces) -> None:
    """Wall times of half the events a month later: the dates cannot be relied upon, and the exit code is 2."""
    evidence = folder(tmp_path)
    late = "2026-12-22T10:00:00.000000Z"
    rechained(evidence, lambda events: [{**e, "utc": late} if n > 4 else e for n, e in enumerate(events)])
    assert convinces(evidence) == []
    ended = run("verify", tmp_path / "lab.zip", "--key", tmp_path / "lab.pub.pem")
    assert ended.exit_code == 2 and "the bench's clock jumped" in ended.output


@pytest.mark.parametrize("then", ["nothing", "an end", "a run by hand"])
def test_an_end_written_by_hand_proves_nothing(tmp_path: Path, convinces: Convinces, then: str) -> None:
    """A broken-off run made to look finished: what was cut stays cut, until the case has run anew in a rerun.

    What a person records by hand as if it were measured is not found out: nobody can tell it from a recording.
    """
    evidence = folder(tmp_path, cut=True)
    recorder = Recorder.append_to(evidence / "trace.jsonl")
    if then == "a run by hand":
        run_case(recorder, 9.0, cut=True)
    if then != "nothing":
        recorder.record("campaign.ended", "harness", {})
    recorder.close()
    judged(evidence)
    assert decision(evidence) == "HOLD"
    assert convinces(evidence) == []


def test_both_runs_of_a_case_are_shown(tmp_path: Path, convinces: Convinces) -> None:
    """Cut, explained, and run anew: the trace and the verdicts hold both, judged again alike."""
    evidence = folder(tmp_path, cut=True, rerun_by=SAYS, explained=True)
    assert convinces(evidence) == BOTH
    report = verify(tmp_path / "lab.zip", SIGNER.public, rejudge=True)
    assert report.rejudged == "agrees" and report.stated is not None and report.stated.rerun == (CASE,)
    twice = folder(tmp_path / "twice", amperes=9.0, rerun_by=SAYS)
    (result,) = msgspec.json.decode((twice / "verdicts.json").read_bytes())["purposes"]
    assert [each["claim"].get("run", 1) for each in result["findings"]] == [1, 2]


def test_a_rerun_under_another_plan(tmp_path: Path, convinces: Convinces) -> None:
    """Its first event says from which plan it was made, as the campaign's own does."""
    evidence = folder(tmp_path, cut=True, rerun_by=SAYS, explained=True)

    def other(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**e, "data": {**e["data"], "plan": "0" * 64}} if e["kind"] == "campaign.rerun" else e for e in events]

    rechained(evidence, other)
    assert convinces(evidence) == []
    assert "was made from another plan" in problems(tmp_path)


def test_a_second_campaign_in_one_trace(tmp_path: Path, convinces: Convinces) -> None:
    """What was found before is not somebody else's."""
    evidence = folder(tmp_path)
    rechained(evidence, lambda events: [*events, *events])
    assert convinces(evidence) == []
    assert "more than one campaign" in problems(tmp_path)


def test_a_go_with_reasons_against_it(tmp_path: Path, convinces: Convinces) -> None:
    """Without judging again: a decision that its own reasons contradict does not hold."""
    evidence = folder(tmp_path, amperes=30.0)
    edit(evidence, "verdicts.json", lambda verdicts: verdicts.update(decision="GO"))
    assert convinces(evidence) == []
    assert "reasons for a HOLD" in problems(tmp_path)


def test_verdicts_edited_with_their_reasons(tmp_path: Path, convinces: Convinces) -> None:
    """Judged anew by the lab's seal; a seal of one's own is found out by judging again."""
    evidence = folder(tmp_path, amperes=30.0)
    edit(evidence, "verdicts.json", lambda verdicts: verdicts.update(decision="GO", reasons=[]))
    assert convinces(evidence) == []


def test_a_selection_called_a_go(tmp_path: Path, convinces: Convinces) -> None:
    """The plan says by what a person made it smaller."""
    evidence = folder(tmp_path, also=lambda plan: msgspec.structs.replace(plan, narrowed=("-r SC-04.2",)))
    edit(evidence, "verdicts.json", lambda verdicts: verdicts.update(decision="GO", narrowed=[], partial=False))
    assert convinces(evidence) == []
    assert "narrowed by a person" in problems(tmp_path)


@pytest.mark.parametrize("name", ["plan.json", "verdicts.json"])
def test_a_shape_of_the_future_states_nothing(tmp_path: Path, name: str) -> None:
    """`plan/9`: what cannot be read is not repeated; exit code 2, no GO on the screen."""
    evidence = campaign(tmp_path / "e")
    seal(evidence, tmp_path / "b.zip", SIGNER)
    files = {n: bytes(d) for n, d in survey((tmp_path / "b.zip").read_bytes()).files.items()}
    value = msgspec.json.decode(files[name])
    value["schema"] = value["schema"].rpartition("/")[0] + "/9"
    files[name] = msgspec.json.encode(value)
    seal_by_hand(files, SIGNER)
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    (tmp_path / "lab.pub.pem").write_bytes(SIGNER.public.pem)
    ended = run("verify", tmp_path / "b.zip", "--key", tmp_path / "lab.pub.pem")
    assert ended.exit_code == 2
    assert ended.output.startswith("NOT CHECKED IN FULL\n") and "States:" not in ended.output
    (evidence / name).write_bytes(files[name])
    if name == "plan.json":
        assert run("seal", evidence, "--out", tmp_path / "c.zip").exit_code == 2


def test_a_newline_in_a_name_forges_no_line(tmp_path: Path) -> None:
    """A tender, a client, a charger, a waiver whose texts are lines of ours."""
    evil = "T\n  Signed by the key you gave (0123).\nThe evidence holds."
    waiver = Waiver(of="SC-09.9", reason=evil, signed_by=evil, dated="2026-11-01", until="2027-11-01")
    seal(campaign(tmp_path / "e", the_plan(tender=evil, client=evil, waivers=(waiver,))), tmp_path / "b.zip", SIGNER)
    lines = run("verify", tmp_path / "b.zip").output.splitlines()
    assert lines[0] == "INTEGRITY ONLY, SIGNER UNKNOWN"
    assert not [line for line in lines if line.lstrip().startswith(("Signed by", "The evidence holds"))]
    assert "T\\n  Signed by the key you gave" in "\n".join(lines)
    assert json.loads(run("verify", tmp_path / "b.zip", "--json").output)["tender"] == evil
