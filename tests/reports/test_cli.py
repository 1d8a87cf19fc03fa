"""`chargeproof report`: what it writes, and what it says when it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner

from harness.cli.report import report
from harness.evidence import seal
from tests.evidence._campaign import SIGNER, campaign


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


def test_a_partial_go_is_told_as_such(scenes: dict[str, Path], tmp_path: Path) -> None:
    """The terminal does not say a plain GO for a selection."""
    _, said = _run(scenes["partial"], "--out", tmp_path / "r.html")
    assert "GO for a selection only, EMULATED" in said


def test_a_campaign_folder_stands_for_its_bundle(scenes: dict[str, Path], tmp_path: Path) -> None:
    """The folder that `run` made can be named, sealed or not."""
    shutil.copytree(scenes["hold"], tmp_path / "campaign" / "evidence")
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
