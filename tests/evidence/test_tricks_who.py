"""Tricks about who was tested: another charger's GO under one's name, a program's for a product's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.evidence import seal, verify
from tests.evidence._campaign import CASE, PROFILE, SIGNER, judged
from tests.evidence._tricks import (
    BOTH,
    EMULATION,
    SAYS,
    Convinces,
    decision,
    edit,
    folder,
    problems,
    rechained,
    run,
)

OTHER = {**SAYS, "serialNumber": "B-99"}


def test_an_honest_go_convinces(tmp_path: Path, convinces: Convinces) -> None:
    """The control of all that follows: a real charger that did what was asked."""
    evidence = folder(tmp_path)
    assert decision(evidence) == "GO"
    assert convinces(evidence) == BOTH


def test_an_honest_hold_does_not(tmp_path: Path, convinces: Convinces) -> None:
    """And one that did not."""
    assert convinces(folder(tmp_path, amperes=30.0)) == []


def test_an_honest_rerun_convinces(tmp_path: Path, convinces: Convinces) -> None:
    """The same charger, booted anew, in a case that was cut and is run again; `verify` names the case."""
    assert convinces(folder(tmp_path, cut=True, rerun_by=SAYS, explained=True)) == BOTH
    assert f"run again: {CASE}" in run("verify", tmp_path / "lab.zip").output


def test_a_charger_that_never_came_and_the_emulated_one_in_its_place(tmp_path: Path, convinces: Convinces) -> None:
    """Cases run again on the emulated charger: it booted under its own name."""
    emulation = {"model": "BiDi-22", "vendorName": EMULATION, "serialNumber": "A-17"}
    assert convinces(folder(tmp_path, boots=(), cut=True, rerun_by=emulation, explained=True)) == []


def test_a_cut_stimulus_of_one_charger_is_not_made_good_on_another(tmp_path: Path, convinces: Convinces) -> None:
    """The defective one's run is broken off before its claim; its case is run again on another serial."""
    assert convinces(folder(tmp_path, cut=True, rerun_by=OTHER, explained=True)) == []
    assert "DIFFERS" in run("verify", tmp_path / "lab.zip").output


def test_a_failed_run_is_not_made_good_at_all(tmp_path: Path, convinces: Convinces) -> None:
    """Neither on another charger nor on the same one: a corrected charger gets a campaign of its own."""
    for place, again in (("other", OTHER), ("same", SAYS)):
        assert convinces(folder(tmp_path / place, amperes=30.0, rerun_by=again)) == []


@pytest.mark.parametrize("what", ["serialNumber", "model", "vendorName", "firmwareVersion"])
def test_a_profile_that_declares_another_charger(tmp_path: Path, convinces: Convinces, what: str) -> None:
    """Declared against reported: firmware 9.9.9, SuperBox, a serial of somebody else's."""
    assert convinces(folder(tmp_path, boots=({**SAYS, what: "9.9.9"},))) == []


def test_what_nothing_reports_is_declared_only_and_said_so(tmp_path: Path, convinces: Convinces) -> None:
    """The control: OCPP does not oblige a charger to tell its serial; the reader is told that it did not."""
    assert convinces(folder(tmp_path, boots=({"model": "BiDi-22", "vendorName": "Acme"},))) == BOTH
    said = run("verify", tmp_path / "lab.zip").output
    assert "declared only, nothing on the wire tells: serial A-17, firmware 1.4.2" in said
    assert said.index("States: GO for Acme BiDi-22, as the charger itself told") < said.index("declared only")
    assert convinces(folder(tmp_path / "again", boots=({"model": "BiDi-22"},)), "--serial", "A-17") == []


def test_a_name_that_a_boot_has_no_room_for_is_no_other(tmp_path: Path, convinces: Convinces) -> None:
    """The control: cut at 20 characters, in other letters, the company's name in fewer words."""
    import msgspec

    def long(plan: object) -> object:
        dut = msgspec.structs.replace(plan.dut, model="BiDi-22 of very long name", manufacturer="ACME B.V.")  # type: ignore[attr-defined]
        return msgspec.structs.replace(plan, dut=dut)  # type: ignore[type-var]

    evidence = folder(tmp_path, boots=({**SAYS, "model": "BiDi-22 of very long"},), also=long)  # type: ignore[arg-type]
    assert convinces(evidence) == BOTH


@pytest.mark.parametrize("files", [("plan.json",), ("plan.json", "profile.yaml")])
def test_emulated_set_to_false(tmp_path: Path, convinces: Convinces, files: tuple[str, ...]) -> None:
    """In the plan, and in the profile beside it: the first event says what was started."""
    silent = ({"model": "BiDi-22", "vendorName": "Acme"},)
    evidence = folder(tmp_path, emulated=True, boots=silent)
    if "profile.yaml" in files:
        (evidence / "profile.yaml").write_text(PROFILE.replace("emulated: yes", "emulated: no"))
    edit(evidence, "plan.json", lambda plan: plan["dut"].update(emulated=False))
    assert convinces(evidence) == []
    assert "plan.json: was altered" in problems(tmp_path)


def test_emulated_set_to_false_in_the_verdicts(tmp_path: Path, convinces: Convinces) -> None:
    """The page reads them; whoever verifies looks into the trace."""
    evidence = folder(tmp_path, emulated=True)
    edit(evidence, "verdicts.json", lambda v: v.update(emulated=False, tested={**v["tested"], "emulated": False}))
    assert "a seal of one's own" not in convinces(evidence)
    assert "says emulated False, but by the trace it is True" in problems(tmp_path)
    assert "It is about an emulated charger" in run("verify", tmp_path / "lab.zip").output


@pytest.mark.parametrize("what", ["serial", "model", "manufacturer", "firmware", "name", "bidirectional"])
def test_identity_edited_in_the_plan(tmp_path: Path, convinces: Convinces, what: str) -> None:
    """One charger's GO under another's name."""
    evidence = folder(tmp_path, boots=())
    edit(evidence, "plan.json", lambda p: p["dut"].update({what: False if what == "bidirectional" else "B-99"}))
    assert convinces(evidence) == []


@pytest.mark.parametrize("name", ["dut.json", "verdicts.json"])
def test_identity_edited_in_what_follows_from_the_trace(tmp_path: Path, convinces: Convinces, name: str) -> None:
    """It is made again from the trace, by the lab's seal and by whoever verifies."""
    evidence = folder(tmp_path)
    change = {
        "dut.json": lambda dut: dut["reported"].update(serialNumber="B-99"),
        "verdicts.json": lambda verdicts: verdicts["tested"].update(serial="B-99"),
    }[name]
    edit(evidence, name, change)
    assert "a seal of one's own" not in convinces(evidence)
    assert "B-99" not in run("verify", tmp_path / "lab.zip").output


def test_the_trace_of_another_charger(tmp_path: Path, convinces: Convinces) -> None:
    """A good charger's trace put beside the bad one's plan; with its plan too, it is that charger's own evidence."""
    evidence = folder(tmp_path, amperes=30.0)
    other = folder(tmp_path / "other", serial="B-99", boots=(OTHER,))
    shutil.copy(other / "trace.jsonl", evidence / "trace.jsonl")
    judged(evidence)
    assert decision(evidence) == "HOLD"  # two chargers already contradict each other
    assert convinces(evidence) == []
    assert "not of this trace" in problems(tmp_path)
    assert convinces(other, "--serial", "A-17") == []
    assert convinces(other) == BOTH


def test_a_trace_without_its_beginning(tmp_path: Path, convinces: Convinces) -> None:
    """The first events, which bind everything, cut off and the chain made anew."""
    evidence = folder(tmp_path, emulated=True)
    rechained(evidence, lambda events: events[1:])
    assert convinces(evidence) == []
    assert "the trace does not begin with the start of a campaign" in problems(tmp_path)


def test_an_old_bundle_under_another_name(tmp_path: Path, convinces: Convinces) -> None:
    """It holds, and says whose it is and when; who asks for another charger, firmware or day is told no."""
    evidence = folder(tmp_path)
    assert convinces(evidence, "--serial", "A-17", "--firmware", "1.4.2", "--tested-since", "2026-11-22") == BOTH
    renamed = tmp_path / "B-99-of-this-week.zip"
    (tmp_path / "lab.zip").rename(renamed)
    said = run("verify", renamed, "--key", tmp_path / "lab.pub.pem")
    assert "serial A-17" in said.output and "Tested: from 2026-11-22 10:00 UTC" in said.output
    for option, value in (("--serial", "B-99"), ("--firmware", "1.5.0"), ("--tested-since", "2026-11-23")):
        ended = run("verify", renamed, "--key", tmp_path / "lab.pub.pem", option, value)
        assert ended.exit_code == 1 and "you expect" in ended.output
    assert run("verify", renamed, "--tested-since", "yesterday").exit_code == 2


def test_the_statement_of_an_emulated_charger_is_not_repeated(tmp_path: Path) -> None:
    """`verify` looks for itself."""
    seal(folder(tmp_path, emulated=True), tmp_path / "b.zip", SIGNER)
    report = verify(tmp_path / "b.zip", SIGNER.public)
    assert report.stated is not None and report.stated.tested.emulated and report.holds
