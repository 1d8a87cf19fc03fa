"""The charger checks nothing and is away; a neighbour that checks everything stands in for it: never a GO."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.emulator.altered._campaigns import TENDER, latest
from harness.emulator.netns import network_plan
from harness.emulator.netns._enter import INSIDE

pytestmark = pytest.mark.campaign


def test_a_careful_neighbour_does_not_pass_for_a_careless_charger(tmp_path: Path) -> None:
    """It refuses within a second, from the charger's own address and by the same TLS library; the charger comes later.

    The case waits for the charger, which then trusts an authority it does not know: SC-06.2 fails, and says who else
    was there.
    """
    if network_plan().kind != "veth":
        pytest.skip("no private network here, which keeps the neighbour from everybody else")
    altered = ["--defect", "accepts-unknown-ca", "--variant", "keeps-its-back-off", "--tender", str(TENDER)]
    command = [sys.executable, "-m", "harness.emulator.netns", "--", sys.executable, "-m", "tests.campaign._neighbour"]
    command += [str(tmp_path), "127.0.0.1", "-r", "SC-06.2", *altered]
    environment = {name: value for name, value in os.environ.items() if name != INSIDE}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 1, done.stdout + done.stderr
    seen = latest(tmp_path)
    assert seen.verdicts["SC-06.2"] == "fail"
    assert "attempts from 127.0.0.1 were not the charger's" in seen.why["SC-06.2"]
