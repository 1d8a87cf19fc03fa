"""What goes wrong at the bench while a good charger is tested: it is named, and no charger is blamed for it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.emulator.altered._campaigns import TENDER, Seen, latest
from harness.emulator.netns import network_plan
from harness.emulator.netns._enter import INSIDE
from harness.trace import read_trace
from tests.owed.charger import OwnCharger

pytestmark = pytest.mark.campaign
CRITERIA = ("-r", "SC-04.5", "-r", "SC-04.6")
WITHIN_S = 180.0


def _jumped(out: Path, by_s: float) -> Seen:
    if network_plan().kind != "veth":
        pytest.skip("no private network here")
    command = [sys.executable, "-m", "harness.emulator.netns", "--", sys.executable, "-m", "tests.campaign._jumping"]
    command += [str(by_s), "run", "--dut", "emulated", "--out", str(out), "--tender", str(TENDER), *CRITERIA]
    environment = {name: value for name, value in os.environ.items() if name != INSIDE}
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, env=environment)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return latest(out)


@pytest.mark.parametrize("by_s", [120, 3600, 400 * 86400])
def test_a_jump_of_our_clock_is_not_the_charger_s(tmp_path: Path, by_s: int) -> None:
    """In the middle of schedules that begin and end by the clock: no fail, and what is an error names the clock."""
    seen = _jumped(tmp_path, by_s)
    assert "fail" not in seen.verdicts.values(), seen.why
    touched = {name: seen.why[name] for name, verdict in seen.verdicts.items() if verdict == "error"}
    assert touched and all("clock jumped" in why for why in touched.values()), seen.why


def test_without_a_jump_it_passes(tmp_path: Path) -> None:
    """The control."""
    seen = _jumped(tmp_path, 0)
    assert set(seen.verdicts.values()) == {"pass"}, seen.why


def _run(charger: OwnCharger, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", str(charger.profile), "--tender", str(TENDER)]
    command += ["--out", str(charger.campaigns), *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def test_a_bench_that_stands_still_now_and_then_blames_nobody(tmp_path: Path) -> None:
    """Stopped for 0.5 to 3 s at random moments: no fail, and the trace tells of each time in a case."""
    chance = random.Random(7)
    with OwnCharger(tmp_path) as charger:
        run = _run(charger, "-r", "SC-04.2", "-r", "SC-04.3")
        stops = 0
        while run.poll() is None:
            time.sleep(chance.uniform(0.5, 3.0))
            if run.poll() is None and list(charger.campaigns.glob("*/evidence/trace.jsonl")):
                run.send_signal(signal.SIGSTOP)
                time.sleep(chance.uniform(0.5, 3.0))
                run.send_signal(signal.SIGCONT)
                stops += 1
        said = run.communicate(timeout=WITHIN_S)[0]
        assert run.returncode in (0, 1), said
    seen = latest(charger.campaigns)
    assert "fail" not in seen.verdicts.values(), seen.why
    trace = read_trace(next(charger.campaigns.glob("*/evidence/trace.jsonl")))
    assert stops >= 3 and len(trace.of("harness.slow")) >= 3


def test_two_chargers_by_one_identity_get_no_verdict_of_each_other(tmp_path: Path) -> None:
    """A second one takes the first one's place again and again: nothing fails, and the reason says what was seen.

    What was judged before the second one came may pass: there was one charger then.
    """
    with OwnCharger(tmp_path / "one") as charger, OwnCharger(tmp_path / "two", port=charger.port):
        run = _run(charger, "-r", "SC-04.2", "-r", "SC-09.4")
        said = run.communicate(timeout=WITHIN_S * 2)[0]
        assert run.returncode in (0, 1), said
    seen = latest(charger.campaigns)
    assert "fail" not in seen.verdicts.values(), seen.why
    assert seen.verdicts["SC-04.2"] not in ("pass", "fail") and "lived at once" in seen.why["SC-04.2"], seen.why
