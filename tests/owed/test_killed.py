"""Runs that are killed in their first case: a charger that outlives them has back what it had, whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.trace import read_trace
from tests.owed.charger import OwnCharger, differences

pytestmark = pytest.mark.campaign
WITHIN_S = 120.0


def chargeproof(charger: OwnCharger, *command: str) -> subprocess.Popen[str]:
    """`chargeproof …` for this charger."""
    arguments = [sys.executable, "-m", "harness.cli", *command, "--dut", str(charger.profile)]
    return subprocess.Popen(
        [*arguments, "--out", str(charger.campaigns)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # these tests may run under nohup
    )


def until(true: Callable[[], object], run: subprocess.Popen[str]) -> None:
    """Wait for something that a run brings about."""
    deadline = time.monotonic() + WITHIN_S
    while not true():
        assert run.poll() is None and time.monotonic() < deadline, run.communicate()[0]
        time.sleep(0.05)


def thorough(folder: Path) -> Path:
    """A tender of short waits that asks for everything."""
    short = Path(sys.modules["harness"].__path__[0]) / "emulator/altered/tender.yaml"
    (folder / "tender.yaml").write_text(short.read_text().replace("depth: short", "depth: thorough"))
    return folder / "tender.yaml"


def in_its_first_case(charger: OwnCharger) -> bool:
    """Whether both profiles are set aside and a limit of ours was sent."""
    undo = next((charger.folder / "owed").glob("EMU-*.json"), None)
    return undo is not None and json.loads(undo.read_text())["ours"] != []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_run_leaves_the_charger_as_it_was(tmp_path: Path, number: signal.Signals) -> None:
    """A polite signal puts it back at once; after SIGKILL it is owed, the next run says so and does it first."""
    with OwnCharger(tmp_path) as charger:
        before = charger.holds()
        run = chargeproof(charger, "run", "--purpose", "OCPP-K01.P001")
        until(lambda: in_its_first_case(charger), run)
        run.send_signal(number)
        said = run.communicate(timeout=WITHIN_S)[0]
        if number == signal.SIGKILL:
            assert differences(before, charger.holds())  # the control: something was changed, and is away
            again = chargeproof(charger, "run", "--purpose", "OCPP-B05.P001")
            said = again.communicate(timeout=WITHIN_S)[0]
            assert again.returncode in (0, 1), said
            assert "was broken off and did not put back" in said and "ChargingStationMaxProfile 72" in said
            newest = max(charger.campaigns.glob("*/evidence/trace.jsonl"))
            assert [e.kind for e in read_trace(newest) if e.kind.startswith("owed.")][:2] == [
                "owed.found",
                "owed.put_back",
            ]
        else:
            assert run.returncode == 130, said
        assert differences(before, charger.holds()) == []
        assert list((tmp_path / "owed").glob("EMU-*.json")) == []


def test_restore_gives_back_without_a_run(tmp_path: Path) -> None:
    """`chargeproof restore` does it alone; where nothing is owed it says so and leaves the charger alone."""
    with OwnCharger(tmp_path) as charger:
        before = charger.holds()
        run = chargeproof(charger, "run", "--purpose", "OCPP-K01.P001")
        until(lambda: in_its_first_case(charger), run)
        run.kill()
        run.wait(WITHIN_S)
        restore = chargeproof(charger, "restore")
        said = restore.communicate(timeout=WITHIN_S)[0]
        assert restore.returncode == 0 and "has back all that was owed" in said, said
        assert differences(before, charger.holds()) == []
        again = chargeproof(charger, "restore")
        assert "nothing is owed" in again.communicate(timeout=WITHIN_S)[0] and again.returncode == 0


class Updatable(OwnCharger):
    """One for which the maker's newer firmware is at hand."""

    def described(self, profile: dict[str, Any]) -> dict[str, Any]:
        profile["pixit"]["firmware_update"] = self.newer_firmware()
        return profile


def test_firmware_that_a_killed_run_installed_is_told_to_whoever_comes_next(tmp_path: Path) -> None:
    """Nobody can take it back; `restore` says what ran before, once."""
    with Updatable(tmp_path) as charger:
        run = chargeproof(charger, "run", "--purpose", "OCPP-L01.P001")
        until(lambda: "1.5.0" in str(charger.holds()["firmware"]), run)
        run.kill()
        run.wait(WITHIN_S)
        restore = chargeproof(charger, "restore")
        said = restore.communicate(timeout=WITHIN_S)[0]
        assert restore.returncode == 0 and "its firmware is 1.5.0 and was 1.4.2" in " ".join(said.split()), said
        again = chargeproof(charger, "restore")
        assert "nothing is owed" in again.communicate(timeout=WITHIN_S)[0] and again.returncode == 0


def test_a_certificate_that_was_renewed_is_told_at_the_end(tmp_path: Path) -> None:
    """It was right to take it, and it stays; who has the charger next must renew it by a backend of theirs."""
    with OwnCharger(tmp_path, security_profile=3) as charger:
        run = chargeproof(charger, "run", "--tender", str(thorough(tmp_path)), "--purpose", "OCPP-A02.P102")
        said = " ".join(run.communicate(timeout=WITHIN_S)[0].split())
        assert run.returncode in (0, 1) and "its own certificate was renewed" in said, said
        assert list((tmp_path / "owed").glob("EMU-*.json")) == []
