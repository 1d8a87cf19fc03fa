"""Tricks that turn a HOLD into a GO, or one charger's GO into another's: each now fails to convince.

Each trick is played twice. With the product's own `seal`, as on a bench whose lab signs what lies in the folder; and
sealed by an altered program with the trickster's own key, which the reader took for good. Convincing would be exit code
0 of `verify --key … --rejudge` with the words that the trickster wants. A positive control stands with each kind.

What follows needs plan, profile, tender, catalogue and environment bound by digest in the trace's first events. Whoever
binds them adds a test of each name here:

- waiver_inserted_into_the_plan: a failed criterion excused in plan.json; `verify` prints the waiver and who signed it,
  and cannot tell that the tender had none.
- waiver_widened_or_backdated: another `until`, `signed_by` or criterion in a waiver of the tender.
- limit_widened_in_plan_and_catalogue: the same new number in plan.json and catalogue.json.
- criterion_left_out_of_plan_and_catalogue: with a digest of the requirements that no chargeproof knows.
- obligation_lowered: `mandatory` to `wish` in plan.json, as an overlay may do it.
- criterion_said_not_to_apply: `applies` false in plan.json.
- all_of, told_by or cases of a criterion edited in plan.json.
- selection_emptied: a run that a person narrowed, said to be a whole one.
- client_or_tender_renamed: `tender`, `client` in plan.json.
- environment_edited: other versions, other digests of judges, in environment.json.
- profile_edited_beyond_identity: PICS, PIXIT or bench in profile.yaml.
- papers_exchanged: a document among the attachments with another of its name.
- rerun_with_another_profile_tender_or_catalogue: refused before it starts.
- emulated_edited_in_the_first_event_too, and the charger's texts, with a chain made anew by one's own program.
- times_moved_as_a_whole: every event a month later, with a chain made anew by one's own program.
- campaign_ended_written_by_hand: after a kill, in place of the recovery.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli._main import cli
from harness.decision import decide
from harness.evidence import Signer, _seal, _zip, dut_record, seal, verify
from harness.evidence._stated import EMULATION
from harness.evidence._survey import survey
from harness.judge import evaluate
from harness.plan import DutFacts, Plan
from harness.trace import Recorder, Trace, line_hash
from tests.evidence._campaign import CASE, PROFILE, SIGNER, StepClock, campaign, catalogue, seal_by_hand, the_plan

OWN = Signer.generate()
SAYS = {"model": "BiDi-22", "vendorName": "Acme", "serialNumber": "A-17", "firmwareVersion": "1.4.2"}


def run(*arguments: object) -> Result:
    """`chargeproof ARGUMENTS`, in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def _facts(**changed: object) -> DutFacts:
    return msgspec.structs.replace(the_plan().dut, **{"emulated": False, **changed})


def _record(
    path: Path,
    dut: DutFacts,
    boots: tuple[dict[str, str], ...] = (SAYS,),
    *,
    amperes: float = 9.0,
    rerun_by: dict[str, str] | None = None,
) -> None:
    """A campaign's trace; with `rerun_by` the case is run again while that charger is there."""
    recorder = Recorder(path, StepClock())
    recorder.record("campaign.started", "harness", {"id": "c1", "dut": msgspec.to_builtins(dut)})
    recorder.record("evaluation.date", "harness", {"date": "2026-11-22"})
    for boot in boots:
        _boot(recorder, boot)
    _case(recorder, amperes)
    recorder.record("campaign.ended", "harness", {})
    if rerun_by is not None:
        recorder.record("campaign.rerun", "harness", {"cases": [CASE]})
        _boot(recorder, rerun_by)
        _case(recorder, 9.0)
        recorder.record("campaign.ended", "harness", {})
    recorder.close()


def _boot(recorder: Recorder, station: dict[str, str]) -> None:
    raw = json.dumps([2, "1", "BootNotification", {"reason": "PowerUp", "chargingStation": station}])
    data = {"conn": 1, "dir": "in", "type": 2, "id": "1", "action": "BootNotification", "raw": raw, "errors": []}
    recorder.record("ocpp.frame", "dut", data)


def _case(recorder: Recorder, amperes: float) -> None:
    recorder.case = CASE
    recorder.record("case.started", "harness", {})
    recorder.record("bench.sample", "bench.meter", {"values": {"i_l1_a": amperes}})
    recorder.record("claim", "harness", {"criterion": "SC-04.2", "judge": "tests.current_at_most", "params": {}})
    recorder.record("case.ended", "harness", {"outcome": "completed"})
    recorder.case = None


def _folder(place: Path, dut: DutFacts | None = None, **how: Any) -> Path:
    """The evidence of a campaign with a real charger, as the campaign leaves it."""
    dut = dut or _facts()
    evidence = campaign(place / "evidence")
    plan = msgspec.structs.replace(the_plan(), dut=dut)
    (evidence / "trace.jsonl").unlink()
    _record(evidence / "trace.jsonl", dut, **how)
    emulated = "yes" if dut.emulated else "no"
    text = PROFILE.replace("emulated: yes", f"emulated: {emulated}").replace("serial: A-17", f"serial: {dut.serial}")
    (evidence / "profile.yaml").write_text(text)
    (evidence / "catalogue.json").write_bytes(msgspec.json.encode(catalogue(plan)))
    (evidence / "plan.json").write_bytes(msgspec.json.encode(plan))
    _judged(evidence)
    return evidence


def _trace(evidence: Path) -> Trace:
    from harness.trace import read_trace

    return read_trace(evidence / "trace.jsonl")


def _judged(evidence: Path) -> None:
    """Verdicts and DUT record by the folder's own plan, as `recover` and `--rerun` make them."""
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    trace = _trace(evidence)
    (evidence / "verdicts.json").write_bytes(msgspec.json.encode(decide(plan, trace, evaluate(trace, plan.limits))))
    (evidence / "dut.json").write_bytes(msgspec.json.encode(dut_record(plan, trace)))


def _edit(evidence: Path, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    value = msgspec.json.decode((evidence / name).read_bytes())
    change(value)
    (evidence / name).write_bytes(msgspec.json.encode(value))


def _convinces(evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *expect: str) -> list[str]:
    """The ways in which the folder still leads to exit code 0: "the lab's seal", "a seal of one's own"."""
    ways = []
    for name, signer in (("lab", SIGNER), ("own", OWN)):
        (tmp_path / f"{name}.pem").write_bytes(signer.to_pem())
        (tmp_path / f"{name}.pub.pem").write_bytes(signer.public.pem)
    copy = tmp_path / "as-the-trickster-left-it"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(evidence, copy)
    run("seal", evidence, "--key", tmp_path / "lab.pem", "--out", tmp_path / "lab.zip")
    monkeypatch.setattr(_seal, "edited", lambda _: [])
    with contextlib.suppress(ValueError):  # not even an altered program can: the files are no evidence
        seal(copy, tmp_path / "own.zip", OWN)
    monkeypatch.undo()
    for name, words in (("lab", "the lab's seal"), ("own", "a seal of one's own")):
        if (tmp_path / f"{name}.zip").exists():
            ended = run("verify", tmp_path / f"{name}.zip", "--key", tmp_path / f"{name}.pub.pem", "--rejudge", *expect)
            assert ended.exit_code in (0, 1, 2), ended.output
            if ended.exit_code == 0 and "States: GO" in ended.output:
                ways.append(words)
    return ways


@pytest.fixture
def convinces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`convinces(evidence)`: the ways in which it still leads to a GO."""
    return lambda evidence, *expect: _convinces(evidence, tmp_path, monkeypatch, *expect)


BOTH = ["the lab's seal", "a seal of one's own"]


def test_an_honest_go_convinces(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """The control of all that follows: a real charger that did what was asked."""
    assert convinces(_folder(tmp_path)) == BOTH


def test_an_honest_hold_does_not(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """And one that did not."""
    assert convinces(_folder(tmp_path, amperes=30.0)) == []


def test_an_honest_rerun_convinces(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """The same charger, booted anew, in a case that is run again; `verify` names the case."""
    evidence = _folder(tmp_path, rerun_by=SAYS)
    assert convinces(evidence) == BOTH
    assert f"run again: {CASE}" in run("verify", tmp_path / "lab.zip").output


# -- who was there ---------------------------------------------------------------------------------------


def test_a_charger_that_never_came_and_the_emulated_one_in_its_place(
    tmp_path: Path, convinces: Callable[..., list[str]]
) -> None:
    """Cases run again on the emulated charger: it booted under its own name."""
    emulation = {"model": "BiDi-22", "vendorName": EMULATION, "serialNumber": "A-17"}
    assert convinces(_folder(tmp_path, boots=(), rerun_by=emulation)) == []


def test_a_case_run_again_on_another_serial(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """The defective charger's run, and another's in its place."""
    assert convinces(_folder(tmp_path, rerun_by={**SAYS, "serialNumber": "B-99"})) == []


@pytest.mark.parametrize("what", ["serialNumber", "model", "vendorName", "firmwareVersion"])
def test_a_profile_that_declares_another_charger(
    tmp_path: Path, convinces: Callable[..., list[str]], what: str
) -> None:
    """Declared against reported: firmware 9.9.9, SuperBox, a serial of somebody else's."""
    assert convinces(_folder(tmp_path, boots=({**SAYS, what: "9.9.9"},))) == []


def test_what_nothing_reports_is_declared_only_and_said_so(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """The control: OCPP does not oblige a charger to tell its serial; the reader is told that it did not."""
    evidence = _folder(tmp_path, boots=({"model": "BiDi-22", "vendorName": "Acme"},))
    assert convinces(evidence) == BOTH
    assert "declared only, nothing on the wire tells: serial, firmware" in run("verify", tmp_path / "lab.zip").output


def test_emulated_set_to_false(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """In plan, profile and all that is made from them: the trace began with an emulated one."""
    evidence = _folder(tmp_path, _facts(emulated=True))
    _edit(evidence, "plan.json", lambda plan: plan["dut"].update(emulated=False))
    (evidence / "profile.yaml").write_text(PROFILE.replace("emulated: yes", "emulated: no"))
    _judged(evidence)
    assert convinces(evidence) == []


def test_emulated_set_to_false_in_the_statement_alone_is_no_real_charger(tmp_path: Path) -> None:
    """`verify` does not repeat the statement: it looks for itself."""
    evidence = _folder(tmp_path, _facts(emulated=True))
    seal(evidence, tmp_path / "b.zip", SIGNER)
    report = verify(tmp_path / "b.zip", SIGNER.public)
    assert report.stated is not None and report.stated.emulated and report.holds


@pytest.mark.parametrize("what", ["serial", "model", "manufacturer", "firmware", "name", "bidirectional"])
def test_identity_edited_in_the_plan(tmp_path: Path, convinces: Callable[..., list[str]], what: str) -> None:
    """One charger's GO under another's name."""
    evidence = _folder(tmp_path, boots=())
    _edit(evidence, "plan.json", lambda plan: plan["dut"].update({what: False if what == "bidirectional" else "B-99"}))
    (evidence / "profile.yaml").write_text(PROFILE.replace("A-17", "B-99").replace("emulated: yes", "emulated: no"))
    _judged(evidence)
    assert convinces(evidence) == []


def test_identity_edited_in_the_dut_record(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """dut.json is made again from the trace, or does not hold."""
    evidence = _folder(tmp_path)
    _edit(evidence, "dut.json", lambda dut: dut["reported"].update(serialNumber="B-99"))
    assert "a seal of one's own" not in convinces(evidence)
    assert "B-99" not in run("verify", tmp_path / "lab.zip").output


def test_the_trace_of_another_charger(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """A good charger's trace put beside the bad one's plan."""
    evidence = _folder(tmp_path, amperes=30.0)
    other = _folder(tmp_path / "other", _facts(serial="B-99"), boots=({**SAYS, "serialNumber": "B-99"},))
    (evidence / "trace.jsonl").write_bytes((other / "trace.jsonl").read_bytes())
    _judged(evidence)
    assert convinces(evidence) == []


def test_a_trace_without_its_beginning(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """The first events, which say whose it is, cut off and the chain made anew."""
    evidence = _folder(tmp_path, _facts(emulated=True))
    _rechained(evidence, lambda events: events[1:])
    _edit(evidence, "plan.json", lambda plan: plan["dut"].update(emulated=False))
    (evidence / "profile.yaml").write_text(PROFILE.replace("emulated: yes", "emulated: no"))
    _judged(evidence)
    assert convinces(evidence) == []


def test_an_old_bundle_under_another_name(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """It holds, and says whose it is and when; who asks for another charger, firmware or day is told no."""
    evidence = _folder(tmp_path)
    assert convinces(evidence, "--serial", "A-17", "--firmware", "1.4.2", "--tested-since", "2026-11-22") == BOTH
    renamed = tmp_path / "B-99-of-this-week.zip"
    (tmp_path / "lab.zip").rename(renamed)
    said = run("verify", renamed, "--key", tmp_path / "lab.pub.pem")
    assert "serial A-17" in said.output and "Tested: from 2026-11-22 10:00 UTC" in said.output
    for option, value in (("--serial", "B-99"), ("--firmware", "1.5.0"), ("--tested-since", "2026-11-23")):
        ended = run("verify", renamed, "--key", tmp_path / "lab.pub.pem", option, value)
        assert ended.exit_code == 1 and "you expect" in ended.output
    assert run("verify", renamed, "--tested-since", "yesterday").exit_code == 2


# -- what was asked --------------------------------------------------------------------------------------


def _two_criteria(place: Path) -> Path:
    """A campaign of two criteria, of which the second was never shown: a HOLD."""
    evidence = _folder(place)

    def second(plan: dict[str, Any]) -> None:
        plan["criteria"].append({**plan["criteria"][0], "id": "SC-04.3", "statement": "another", "cases": []})

    _edit(evidence, "plan.json", second)
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    (evidence / "catalogue.json").write_bytes(msgspec.json.encode(catalogue(plan)))
    _judged(evidence)
    return evidence


def test_a_criterion_deleted_from_the_plan(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """The catalogue beside it still has it; the control is the HOLD that it was."""
    evidence = _two_criteria(tmp_path / "hold")
    assert msgspec.json.decode((evidence / "verdicts.json").read_bytes())["decision"] == "HOLD"
    _edit(evidence, "plan.json", lambda plan: plan["criteria"].pop())
    _judged(evidence)
    assert msgspec.json.decode((evidence / "verdicts.json").read_bytes())["decision"] == "GO"
    assert convinces(evidence) == []


def test_a_criterion_deleted_of_which_something_was_claimed(
    tmp_path: Path, convinces: Callable[..., list[str]]
) -> None:
    """Deleted from the catalogue as well: the trace still holds its case and its claim."""
    evidence = _two_criteria(tmp_path)
    _edit(evidence, "plan.json", lambda plan: plan.update(criteria=plan["criteria"][1:], cases=[]))
    _edit(evidence, "catalogue.json", lambda c: c["requirements"][0]["criteria"].pop(0))
    _judged(evidence)
    problems = _own(evidence, tmp_path)
    assert any("of which something was claimed" in p for p in problems)
    assert any("which was run" in p for p in problems)


def test_a_known_digest_over_fewer_requirements(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """Plan and catalogue both made smaller, under the digest of what this chargeproof asks."""
    from requirement_catalog import catalogue_digest, load_catalogue

    evidence = _folder(tmp_path)
    digest = catalogue_digest(load_catalogue())
    _edit(evidence, "plan.json", lambda plan: _rebind(plan, digest))
    _edit(evidence, "catalogue.json", lambda c: c.update(digest=digest))
    _judged(evidence)
    assert convinces(evidence) == []
    assert any("leaves out criterion" in p for p in _own(evidence, tmp_path))


def _rebind(plan: dict[str, Any], digest: str) -> None:
    holder = plan if "catalogue_digest" in plan else plan["bound"]
    holder["catalogue_digest" if holder is plan else "catalogue"] = digest


def test_a_criterion_in_other_words(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """What was shown under a sentence is not shown under another one."""
    evidence = _folder(tmp_path)
    _edit(evidence, "plan.json", lambda plan: plan["criteria"][0].update(statement="it does everything"))
    _judged(evidence)
    assert convinces(evidence) == []


def test_a_limit_widened_in_the_plan(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """30 A against 10 A is a fail, against 99 A a pass; the catalogue has 10."""
    evidence = _folder(tmp_path, amperes=30.0)
    _edit(evidence, "plan.json", lambda plan: plan["limits"]["SC-04.2"].update(value=99.0))
    _judged(evidence)
    assert msgspec.json.decode((evidence / "verdicts.json").read_bytes())["decision"] == "GO"
    assert convinces(evidence) == []


def test_case_twins(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """Two cases, criteria or requirements of one id: one of them would be looked at."""
    for place in ("cases", "criteria", "requirements"):
        evidence = _folder(tmp_path / place)
        _edit(evidence, "plan.json", lambda plan, place=place: plan[place].append(plan[place][0]))  # type: ignore[misc]
        _judged(evidence)
        assert any("stands twice" in p for p in _own(evidence, tmp_path / place)), place
        (tmp_path / place / "x").mkdir()
        assert run("seal", evidence, "--out", tmp_path / place / "x" / "b.zip").exit_code == 2


@pytest.mark.parametrize("name", ["catalogue.json", "profile.yaml"])
def test_catalogue_or_profile_removed(tmp_path: Path, convinces: Callable[..., list[str]], name: str) -> None:
    """They say what was asked of whom."""
    evidence = _folder(tmp_path)
    (evidence / name).unlink()
    assert convinces(evidence) == []


@pytest.mark.parametrize("line", ["serial: B-99", "model: SuperBox", "emulated: yes", "manufacturer: Other"])
def test_identity_edited_in_the_profile(tmp_path: Path, convinces: Callable[..., list[str]], line: str) -> None:
    """The profile beside the plan names the same charger, or the evidence does not hold."""
    evidence = _folder(tmp_path)
    key = line.partition(":")[0]
    parts = ["name: demo", "manufacturer: Acme", "model: BiDi-22", "serial: A-17", "firmware: 1.4.2", "emulated: no"]
    told = [line if part.startswith(key) else part for part in parts]
    (evidence / "profile.yaml").write_text("product: {" + ", ".join(told) + "}\n")
    assert convinces(evidence) == []


def test_a_removed_environment_is_made_anew_and_says_when(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """By the lab's seal; without one there is no evidence."""
    evidence = _folder(tmp_path)
    (evidence / "environment.json").unlink()
    assert convinces(evidence) == ["the lab's seal"]
    assert "were looked at when it was sealed" in run("verify", tmp_path / "lab.zip").output


# -- when ------------------------------------------------------------------------------------------------


def test_the_day_of_judgement_moved(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """A paper that had expired is in date as of an earlier day; the trace holds the day."""
    evidence = _folder(tmp_path)
    _edit(evidence, "plan.json", lambda plan: plan.update(evaluation_date="2020-01-01"))
    _judged(evidence)
    assert convinces(evidence) == []


def test_a_clock_that_runs_backwards(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """A slow answer made quick by moving it: the clock that nobody can set ran backwards."""
    evidence = _folder(tmp_path)
    _rechained(evidence, lambda events: [*events[:4], {**events[4], "t_ns": events[4]["t_ns"] + 10**12}, *events[5:]])
    _judged(evidence)
    assert convinces(evidence) == []


def test_a_part_of_the_test_moved_to_another_day(tmp_path: Path, convinces: Callable[..., list[str]]) -> None:
    """Wall times of half the events a month later: the dates cannot be relied upon, and the exit code is 2."""
    evidence = _folder(tmp_path)
    late = "2026-12-22T10:00:00.000000Z"
    _rechained(evidence, lambda events: [{**e, "utc": late} if n > 4 else e for n, e in enumerate(events)])
    _judged(evidence)
    assert convinces(evidence) == []
    assert "the bench's clock jumped" in run("verify", tmp_path / "lab.zip").output


def test_the_time_of_sealing_is_not_the_time_of_the_test(tmp_path: Path) -> None:
    """A killed run that is sealed much later, on another computer: the dates are those of the test."""
    campaign(tmp_path / "c" / "evidence", to_the_end=False)
    assert run("seal", tmp_path / "c").exit_code == 1
    report = verify(tmp_path / "c" / "bundle.zip", rejudge=True)
    assert report.ok and report.stated is not None
    assert (report.stated.began[:10], report.stated.ended[:10]) == ("2026-11-22", "2026-11-22")


@pytest.mark.parametrize("t_ns", [10**400, -(10**400)], ids=["after", "before"])
def test_a_time_beyond_all_times(tmp_path: Path, t_ns: int) -> None:
    """Well chained and well signed: a finding, never an exception; the lab's seal ends without a fault of ours, too."""
    evidence = _folder(tmp_path)
    _rechained(evidence, lambda events: [*events[:4], {**events[4], "t_ns": t_ns}, *events[5:]])
    assert run("seal", evidence, "--out", tmp_path / "lab.zip").exit_code == 2
    seal(campaign(tmp_path / "e"), tmp_path / "b.zip", SIGNER)
    files = {n: bytes(d) for n, d in survey((tmp_path / "b.zip").read_bytes()).files.items()}
    files["trace.jsonl"] = (evidence / "trace.jsonl").read_bytes()
    seal_by_hand(files, OWN)
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    ended = run("verify", tmp_path / "b.zip", "--rejudge")
    assert ended.exit_code == 1, ended.output


def test_judging_as_of_a_day_before_the_test_is_told(tmp_path: Path) -> None:
    """A tender's fixed day of judgement is no lie, and no secret either."""
    evidence = campaign(tmp_path / "e")
    _rechained(evidence, lambda events: [{**e, "utc": "2026-11-28T10:00:00.000000Z"} for e in events])
    _judged(evidence)
    seal(evidence, tmp_path / "b.zip", SIGNER)
    assert "before the day of the test (2026-11-28)" in run("verify", tmp_path / "b.zip").output


# -- how it reads ----------------------------------------------------------------------------------------


def test_a_newline_in_a_name_forges_no_line(tmp_path: Path) -> None:
    """A tender, a client, a charger, a waiver whose texts are lines of ours."""
    evil = "T\n  Signed by the key you gave (0123).\nThe evidence holds."
    evidence = campaign(tmp_path / "e")
    _edit(evidence, "plan.json", lambda plan: plan.update(tender=evil, client=evil, waivers=[_waiver(evil)]))
    _judged(evidence)
    seal(evidence, tmp_path / "b.zip", SIGNER)
    lines = run("verify", tmp_path / "b.zip").output.splitlines()
    assert lines[0] == "INTEGRITY ONLY, SIGNER UNKNOWN"
    assert not [line for line in lines if line.lstrip().startswith(("Signed by", "The evidence holds"))]
    assert "T\\n  Signed by the key you gave" in "\n".join(lines)


def _waiver(reason: str) -> dict[str, str]:
    return {"criterion": "SC-09.9", "reason": reason, "signed_by": reason, "dated": "2026-11-01", "until": "2027-11-01"}


def test_a_waiver_is_never_silent(tmp_path: Path) -> None:
    """Criterion, until when, who signed, when and why: on a line of its own, in words and in JSON."""
    evidence = campaign(tmp_path / "e")
    _edit(evidence, "plan.json", lambda plan: plan.update(waivers=[_waiver("spare part is on its way")]))
    _judged(evidence)
    seal(evidence, tmp_path / "b.zip", SIGNER)
    said = run("verify", tmp_path / "b.zip").output
    assert "  Waived: SC-09.9 until 2027-11-01, signed by spare part is on its way on 2026-11-01" in said
    told = json.loads(run("verify", tmp_path / "b.zip", "--json").output)
    assert told["stated"]["waivers"][0]["until"] == "2027-11-01"
    seal(campaign(tmp_path / "none"), tmp_path / "none.zip", SIGNER)
    assert "  Waived: nothing" in run("verify", tmp_path / "none.zip").output


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


def test_a_go_with_reasons_against_it(tmp_path: Path) -> None:
    """Without judging again: a decision that its own reasons contradict does not hold."""
    evidence = _folder(tmp_path, amperes=30.0)
    _edit(evidence, "verdicts.json", lambda verdicts: verdicts.update(decision="GO"))
    assert any("reasons for a HOLD" in p for p in _own(evidence, tmp_path))


def test_verdicts_edited_in_the_folder_are_judged_anew_by_the_lab_s_seal(
    tmp_path: Path, convinces: Callable[..., list[str]]
) -> None:
    """And a seal of one's own is found out by judging again."""
    evidence = _folder(tmp_path, amperes=30.0)
    _edit(evidence, "verdicts.json", lambda verdicts: verdicts.update(decision="GO", reasons=[]))
    assert convinces(evidence) == []


def _own(evidence: Path, place: Path) -> list[str]:
    """The problems `verify` finds in a bundle sealed by an altered program."""
    original = _seal.edited
    _seal.edited = lambda _: []  # type: ignore[assignment]
    try:
        seal(evidence, place / "altered.zip", OWN)
    finally:
        _seal.edited = original  # type: ignore[assignment]
    return [str(p) for p in verify(place / "altered.zip", OWN.public).problems]


def _rechained(evidence: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """The trace altered, numbered and chained again: what a program of one's own can do."""
    lines = (evidence / "trace.jsonl").read_bytes().split(b"\n")[:-1]
    prev, out = "0" * 64, []
    for seq, event in enumerate(change([msgspec.json.decode(line) for line in lines])):
        out.append(msgspec.json.encode({**event, "seq": seq, "prev": prev}))
        prev = line_hash(out[-1])
    (evidence / "trace.jsonl").write_bytes(b"\n".join([*out, b""]))
