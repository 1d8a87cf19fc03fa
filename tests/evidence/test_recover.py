"""Recovery: a killed run is judged on what it recorded, and tells that it was interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from harness.evidence import SealError, recover, seal, verify
from harness.judge import Verdict
from harness.trace import Recorder, read_trace
from tests.evidence._campaign import PROFILE, SIGNER, StepClock, campaign, catalogue, record, the_plan


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """What `kill -9` leaves: a plan, and a trace that ends in the middle of a line."""
    folder = tmp_path / "killed"
    folder.mkdir()
    (folder / "plan.json").write_bytes(msgspec.json.encode(the_plan()))
    (folder / "profile.yaml").write_text(PROFILE)
    (folder / "catalogue.json").write_bytes(msgspec.json.encode(catalogue(the_plan())))
    record(folder / "trace.jsonl", to_the_end=False)
    with (folder / "trace.jsonl").open("ab") as file:
        file.write(b'{"seq":8,"t_ns":17')
    return folder


def test_a_killed_run_is_sealed_and_says_so(killed: Path, tmp_path: Path) -> None:
    """The torn line goes, an event tells it, the verdicts are HOLD and interrupted, the bundle verifies."""
    recovered = recover(killed)
    assert (recovered.interrupted, recovered.dropped_bytes, recovered.events) == (True, 18, 9)
    assert recovered.written == ("dut.json", "environment.json", "verdicts.json")
    last = read_trace(killed / "trace.jsonl")[-1]
    assert (last.kind, last.data["dropped_bytes"], last.data["events_before"]) == ("campaign.recovered", 18, 8)
    sealed = seal(killed, tmp_path / "b.zip", SIGNER)
    assert sealed.decision == "HOLD"
    report = verify(tmp_path / "b.zip", SIGNER.public, rejudge=True)
    assert report.ok
    assert (report.interrupted, report.partial, report.decision) == (True, True, "HOLD")


def test_recovering_twice_adds_nothing(killed: Path) -> None:
    """The second time there is nothing to tell."""
    recover(killed)
    before = {p.name: p.read_bytes() for p in killed.iterdir()}
    assert recover(killed).interrupted
    assert {p.name: p.read_bytes() for p in killed.iterdir()} == before


def test_a_run_that_had_ended_keeps_its_verdicts(evidence: Path) -> None:
    """A campaign that ended and was not sealed gets no event, and none of its files is touched."""
    before = {p.name: p.read_bytes() for p in evidence.iterdir() if p.is_file()}
    recovered = recover(evidence)
    assert (recovered.interrupted, recovered.written) == (False, ())
    assert {p.name: p.read_bytes() for p in evidence.iterdir() if p.is_file()} == before


def test_half_written_verdicts_are_judged_anew(evidence: Path) -> None:
    """Killed while writing verdicts.json: the trace is whole, so they are made again."""
    path = evidence / "verdicts.json"
    whole = msgspec.json.decode(path.read_bytes())
    path.write_bytes(path.read_bytes()[:40])
    assert recover(evidence).written == ("verdicts.json",)
    assert msgspec.json.decode(path.read_bytes()) == whole


def test_verdicts_of_an_earlier_state_are_judged_anew(tmp_path: Path) -> None:
    """A campaign that went on after its verdicts were written, ended, and was killed before it judged again."""
    folder = campaign(tmp_path / "evidence", to_the_end=False)
    recorder = Recorder.append_to(folder / "trace.jsonl")
    recorder.record("campaign.ended", "harness")
    recorder.close()
    assert recover(folder).result.decision == "GO"
    seal(folder, tmp_path / "b.zip", SIGNER)
    report = verify(tmp_path / "b.zip", rejudge=True)
    assert (report.ok, report.decision, report.interrupted) == (True, "GO", False)


def test_a_run_that_still_records_is_left_alone(killed: Path) -> None:
    """Sealing beside a running campaign must not cut its trace."""
    recover(killed)
    running = Recorder.append_to(killed / "trace.jsonl")
    before = (killed / "trace.jsonl").read_bytes()
    with pytest.raises(BlockingIOError, match="still being recorded"):
        recover(killed)
    assert (killed / "trace.jsonl").read_bytes() == before
    running.close()


def test_a_damaged_trace_is_not_taken_for_a_torn_one(killed: Path) -> None:
    """A kill tears the tail only; a broken middle is named and nothing is changed."""
    trace = killed / "trace.jsonl"
    trace.write_bytes(trace.read_bytes().replace(b'"i_l1_a":9.', b'"i_l1_a":8.'))
    before = trace.read_bytes()
    with pytest.raises(SealError, match="line 5 does not follow line 4"):
        recover(killed)
    assert trace.read_bytes() == before


def test_without_plan_or_trace_there_is_nothing_to_seal(killed: Path) -> None:
    """Killed before the first step: said plainly, nothing is made up."""
    (killed / "trace.jsonl").unlink()
    with pytest.raises(SealError, match="nothing was recorded"):
        recover(killed)
    assert not (killed / "trace.jsonl").exists()
    (killed / "plan.json").unlink()
    with pytest.raises(SealError, match="before its plan was made"):
        recover(killed)


def test_kill_9_in_the_middle_of_recording(tmp_path: Path) -> None:
    """A real process killed by SIGKILL while it records as fast as it can: recovered, sealed, verified."""
    folder = campaign(tmp_path / "evidence", to_the_end=False)
    program = (
        "import sys, itertools; from pathlib import Path; from harness.trace import Recorder\n"
        "r = Recorder.append_to(Path(sys.argv[1]))\n"
        "for n in itertools.count():\n"
        "    r.record('bench.sample', 'bench.meter', {'values': {'i_l1_a': 5.0}, 'n': n})\n"
        "    if n == 200: print('enough', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(folder / "trace.jsonl")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"enough\n"
    process.kill()
    assert process.wait(timeout=10) == -signal.SIGKILL
    process.stdout.close()
    recovered = recover(folder)
    assert recovered.interrupted
    assert recovered.events >= 8 + 201 + 1
    seal(folder, tmp_path / "b.zip", SIGNER)
    assert verify(tmp_path / "b.zip", rejudge=True).ok


@pytest.mark.parametrize("levels", [2_000, 200_000])
def test_a_message_of_thousands_of_brackets_costs_one_verdict_and_no_bundle(tmp_path: Path, levels: int) -> None:
    """It is one message of the charger that breaks OCPP: recovered, judged, sealed and verified like any other."""
    folder = tmp_path / "deep"
    folder.mkdir()
    (folder / "plan.json").write_bytes(msgspec.json.encode(the_plan()))
    (folder / "profile.yaml").write_text(PROFILE)
    (folder / "catalogue.json").write_bytes(msgspec.json.encode(catalogue(the_plan())))
    record(folder / "trace.jsonl", to_the_end=False)
    recorder = Recorder.append_to(folder / "trace.jsonl", StepClock())
    for raw in ("[" * levels, '[2,"7","BootNotification",' + '{"a":' * levels):
        recorder.record("ocpp.frame", "dut", {"conn": 1, "dir": "in", "raw": raw})
    recorder.record("claim", "harness", {"criterion": "SC-04.2", "judge": "core_ocpp.every_frame_valid", "params": {}})
    recorder.close()
    found = recover(folder).result.requirements[0].criteria[0].findings[-1].finding
    assert found.verdict is Verdict.FAIL and "nested more than" in found.seen
    assert seal(folder, tmp_path / "b.zip", SIGNER).decision == "HOLD"
    report = verify(tmp_path / "b.zip", SIGNER.public, rejudge=True)
    assert report.ok and report.rejudged == "agrees"
