"""A backend as the product under test: planned, judged, sealed and reported, though nothing tests backends yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROFILE = """\
product:
  name: A backend
  manufacturer: ACME
  model: CPO-Cloud
  serial: B-1
  firmware: "3.2"
  current: [AC]
  sites: [public]
  bidirectional: no
  role: backend
pixit: {identity: BACKEND}
pco: {}
"""


def chargeproof(folder: Path, *arguments: str) -> tuple[int, str]:
    """The program's exit code and what it printed."""
    command = [sys.executable, "-m", "harness.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the backend's profile."""
    (tmp_path / "backend.yaml").write_text(PROFILE, encoding="utf-8")
    return tmp_path


def test_a_plan_says_what_is_not_for_a_backend_and_whose_move_the_rest_is(folder: Path) -> None:
    """No case runs; what binds backends too is the makers' move, and no check is called unproven that will not run."""
    code, said = chargeproof(folder, "plan", "--dut", "backend.yaml")
    assert code == 0, said
    assert "Runs: 0 cases" in said and "the makers of chargeproof" in said
    assert "it is for a station, and the product under test is a backend" in said
    assert "never seen to turn red" not in said


def test_a_campaign_ends_in_hold_and_is_evidence(folder: Path) -> None:
    """Inconclusive where nothing is tested, pending where a paper is missing; the bundle judged again agrees."""
    code, said = chargeproof(folder, "run", "--dut", "backend.yaml", "--out", "out")
    assert code == 1 and "HOLD for A backend" in said, said
    (bundle,) = folder.glob("out/*/bundle.zip")
    result = json.loads((bundle.parent / "evidence" / "verdicts.json").read_text())
    criteria = {c["id"]: c for r in result["requirements"] for c in r["criteria"]}
    assert {c["verdict"] for c in criteria.values()} == {"inconclusive", "pending", "not_applicable"}
    assert criteria["SC-04.1"]["verdict"] == "not_applicable"
    assert "nothing tests for this yet" in criteria["GEN-03.3"]["why"]
    assert (bundle.parent / "report.html").stat().st_size > 10_000
    code, said = chargeproof(folder, "verify", str(bundle), "--integrity-only", "--rejudge")
    assert code == 0 and "every verdict agrees" in said, said
