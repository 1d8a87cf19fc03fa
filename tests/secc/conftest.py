"""Both scenarios run side by side, each in a network of its own, while the quick tests go on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.emulator.netns import network_plan

ROOT = Path(__file__).resolve().parents[2]
BOUND_S = 240
LIMITS = {"max_charge_w": 11000, "max_discharge_w": 10000}
SESSIONS = [
    {
        "name": "dc_bpt_dynamic",
        "protocol": "ISO_15118_20_DC",
        "service": "DC_BPT",
        "mode": "dynamic",
        "tls": True,
        "loops": 4,
        "pause_s": 0.2,
        "limits": {"setpoint_w": -5000},
    },
    {
        "name": "dc_bpt_scheduled",
        "protocol": "ISO_15118_20_DC",
        "service": "DC_BPT",
        "mode": "scheduled",
        "discharge": True,
        "loops": 2,
    },
    {
        "name": "ac_bpt_dynamic",
        "protocol": "ISO_15118_20_AC",
        "service": "AC_BPT",
        "mode": "dynamic",
        "loops": 2,
        "limits": {"setpoint_w": -12500},
    },
    {
        "name": "v2_ac",
        "protocol": "ISO_15118_2",
        "energy_mode": "AC_three_phase_core",
        "tls": True,
        "loops": 2,
        "limits": {"max_charge_w": 6900},
    },
    {"name": "din_dc", "protocol": "DIN_SPEC_70121", "energy_mode": "DC_extended", "loops": 2},
]


def _start(folder: Path, module: str, argument: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, str(argument)]
    if network_plan().kind == "veth":
        command = [sys.executable, "-m", "harness.emulator.netns", "--", *command]
    with (folder / "stderr.log").open("w") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)


@pytest.fixture(scope="session", autouse=True)
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Started with the first test of this room; `scenarios(name)` waits for the outcome."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("raw", "cars")}
    given = folders["cars"] / "given.json"
    given.write_text(json.dumps({"work": str(folders["cars"]), "limits": LIMITS, "sessions": SESSIONS}))
    running = {
        "raw": _start(folders["raw"], "tests.secc._raw", folders["raw"]),
        "cars": _start(folders["cars"], "tests.secc._bench", given),
    }
    outcomes: dict[str, dict[str, Any]] = {}

    def outcome(name: str) -> dict[str, Any]:
        if name not in outcomes:
            text, _ = running[name].communicate(timeout=BOUND_S)
            assert running[name].returncode == 0, (folders[name] / "stderr.log").read_text()[-3000:]
            outcomes[name] = json.loads(text)
        return outcomes[name]

    yield outcome
    for process in running.values():
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def raw(scenarios: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """What tests.secc._raw found."""
    return scenarios("raw")


@pytest.fixture
def cars(scenarios: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """What tests.secc._bench found."""
    return scenarios("cars")
