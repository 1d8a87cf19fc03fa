"""Discovery by real IPv6 multicast where user namespaces are permitted, by unicast on `lo` where they are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def namespaces_permitted() -> bool:
    """Whether this user may make a network namespace with a veth pair in it."""
    try:
        made = "ip link add a type veth peer name b"
        return subprocess.run(["unshare", "-Urn", "sh", "-c", made], capture_output=True, timeout=10).returncode == 0
    except OSError:
        return False


def test_a_session_found_by_sdp(tmp_path: Path) -> None:
    """The car finds the charger by SDP and discharges; with a namespace of its own it does so by multicast."""
    where = "veth" if namespaces_permitted() else "lo"
    wrapper = ["unshare", "-Urn"] if where == "veth" else []
    done = subprocess.run(
        [*wrapper, sys.executable, "-m", "tests.ev.multicast_session", where, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    happened = json.loads(done.stdout)
    assert happened["failure"] == "None"
    assert happened["cycles"] >= 1
    assert happened["to"] == ("ff02::1" if where == "veth" else "::1")
    assert happened["address"].startswith("fe80::" if where == "veth" else "::1")
