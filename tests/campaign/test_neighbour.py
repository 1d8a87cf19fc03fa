"""A neighbour that knocks while a campaign runs: what it does is neither for nor against the charger."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.emulator.altered._campaigns import TENDER, Seen, latest
from harness.emulator.netns import network_plan
from harness.emulator.netns._enter import INSIDE

pytestmark = pytest.mark.campaign
UNKNOWN_AUTHORITY = "OCPP-A00.P012"  # for SC-06.2


def beside(kind: str, out: Path, *options: str) -> Seen:
    """A campaign while a neighbour knocks from the charger's own address, by the same TLS library."""
    if network_plan().kind != "veth":
        pytest.skip("no private network here, which keeps the neighbour from everybody else")
    command = [sys.executable, "-m", "harness.emulator.netns", "--", sys.executable, "-m", "tests.campaign._neighbour"]
    command += [kind, str(out), "127.0.0.1", "--tender", str(TENDER), *options]
    environment = {name: value for name, value in os.environ.items() if name != INSIDE}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return latest(out)


def test_a_careful_neighbour_does_not_pass_for_a_careless_charger(tmp_path: Path) -> None:
    """It refuses within a second; the charger comes later, and trusts an authority that it does not know.

    The case waits for the charger: its purpose fails, and says who else was there.
    """
    altered = ("--defect", "accepts-unknown-ca", "--variant", "keeps-its-back-off")
    seen = beside("careful", tmp_path, "-r", "SC-06.2", *altered)
    assert seen.verdicts[UNKNOWN_AUTHORITY] == "fail"
    assert "attempts from 127.0.0.1 were not the charger's" in seen.why[UNKNOWN_AUTHORITY]


def test_a_careless_neighbour_does_not_fail_a_careful_charger(tmp_path: Path) -> None:
    """It takes any certificate, offers TLS 1.0 and asks for OCPP 1.6: nothing of that is the charger's doing."""
    wanted = {"SC-06.2": UNKNOWN_AUTHORITY, "SC-06.6": "OCPP-A00.P015", "BI-20.1": "OCPP-B01.P010"}
    seen = beside("careless", tmp_path, *(part for each in wanted for part in ("-r", each)))
    assert {each: seen.verdicts[each] for each in wanted.values()} == dict.fromkeys(wanted.values(), "pass"), seen.why
