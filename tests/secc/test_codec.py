"""The quick way through the Java codec is the package's way, only quicker."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_octets_and_text_are_the_packages_own(tmp_path: Path) -> None:
    """Messages of all schemas come out identical both ways; rubbish is refused with the package's words."""
    command = [sys.executable, "-m", "tests.secc._oracle", str(tmp_path)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["same"] >= 12 and found["different"] == []
    assert "EXI" in found["refused"]
