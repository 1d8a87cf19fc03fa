"""`chargeproof report`: what it writes, and what it says when it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner

from harness.cli.evidence.report import report
from harness.evidence import seal
from tests.evidence._campaign import SIGNER, campaign, the_plan


def _run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(report, [str(a) for a in arguments])
    return result.exit_code, result.output


def _bundle(folder: Path) -> Path:
    """A bundle that holds: GO, emulated."""
    seal(campaign(folder / "sealed" / "evidence"), folder / "sealed" / "bundle.zip", SIGNER)
    return folder / "sealed" / "bundle.zip"


def test_it_writes_what_was_asked_for(tmp_path: Path) -> None:
    """HTML always, the machines' views on request; the last line is the decision."""
    out, junit, table, allure = (tmp_path / n for n in ("sub/r.html", "j.xml", "t.csv", "allure"))
    code, said = _run(
        _bundle(tmp_path), "--out", out, "--junit", junit, "--csv", table, "--allure", allure, "--open", "no"
    )
    assert code == 0, said
    assert out.read_text().startswith("<!DOCTYPE html>")
    assert junit.exists() and table.exists() and list(allure.glob("*-result.json"))
    assert said.strip().endswith("GO, EMULATED")


def test_a_selection_is_told_as_such(tmp_path: Path) -> None:
    """The terminal never says GO for a run that a person narrowed."""
    evidence = campaign(tmp_path / "c" / "evidence", the_plan(narrowed=("-r SC-04.2",)))
    _, said = _run(evidence, "--out", tmp_path / "r.html")
    assert said.strip().endswith("SELECTION, EMULATED, not sealed")


def test_a_folder_that_somebody_edited_says_so_first(tmp_path: Path) -> None:
    """Nobody has sealed it, and it is not what the campaign wrote; the exit code is 1."""
    evidence = campaign(tmp_path / "c" / "evidence")
    (evidence / "plan.json").write_bytes((evidence / "plan.json").read_bytes().replace(b"A-17", b"B-99"))
    code, said = _run(evidence, "--out", tmp_path / "r.html")
    assert code == 1
    assert said.startswith("THIS EVIDENCE DOES NOT HOLD: ") and "plan.json: was altered" in said
    assert "GO, EMULATED, is worth nothing" in said


def test_a_campaign_folder_stands_for_its_bundle(tmp_path: Path) -> None:
    """The folder that `run` made can be named, sealed or not."""
    campaign(tmp_path / "campaign" / "evidence", to_the_end=False)
    code, said = _run(tmp_path / "campaign", "--out", tmp_path / "r.html")
    assert code == 0 and "HOLD" in said and "not sealed" in said
    shutil.copy(_bundle(tmp_path), tmp_path / "campaign" / "bundle.zip")
    code, said = _run(tmp_path / "campaign", "--out", tmp_path / "r.html")
    assert code == 0 and "GO" in said


def test_bad_evidence_is_a_usage_error(tmp_path: Path) -> None:
    """Exit code 2 and a sentence, no traceback."""
    code, said = _run(tmp_path / "nothing.zip")
    assert code == 2
    assert "there is no such evidence folder or bundle" in said
