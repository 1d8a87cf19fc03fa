"""The private network: entered without root, with real multicast inside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.emulator.netns import enter_namespace, network_plan

ROOT = Path(__file__).resolve().parents[2]
MEETING = """
import json, socket, struct
from harness.emulator.netns import enter_namespace, network_plan
plan = network_plan()
ev, evse = socket.if_nametoindex(plan.ev_interface), socket.if_nametoindex(plan.secc_interface)
hears = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
hears.settimeout(2)
hears.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, plan.secc_interface.encode())
hears.bind(("::", 15118))
group = socket.inet_pton(socket.AF_INET6, "ff02::1") + struct.pack("@I", evse)
hears.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
asks = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
asks.settimeout(2)
asks.sendto(b"anybody?", ("ff02::1", 15118, 0, ev))
heard, asker = hears.recvfrom(100)
hears.sendto(b"here", asker)
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname(), timeout=2).close()
print(json.dumps({"plan": plan.kind, "inside": plan.inside, "heard": heard.decode(), "from": asker[0],
                  "answer": asks.recv(100).decode(), "again": enter_namespace(["true"])}))
"""

needs_namespace = pytest.mark.skipif(
    network_plan().kind != "veth", reason=f"no private network here: {network_plan().reason}"
)


def launch(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command through the launcher."""
    whole = [sys.executable, "-m", "harness.emulator.netns", *command]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, timeout=30)


@needs_namespace
def test_multicast_crosses_the_pair_and_loopback_works() -> None:
    """A request to ff02::1 from the car's end is heard at the charger's end and answered; 127.0.0.1 serves too."""
    done = launch("--", sys.executable, "-c", MEETING)
    assert done.returncode == 0, done.stderr
    met = json.loads(done.stdout)
    assert met["plan"] == "veth" and met["inside"] and met["heard"] == "anybody?" and met["answer"] == "here"
    assert met["from"].startswith("fe80::") and met["again"] == "veth"


@needs_namespace
def test_the_commands_exit_code_is_kept() -> None:
    """What runs inside decides how the whole ends."""
    assert launch("--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


@needs_namespace
def test_entering_replaces_the_process() -> None:
    """`enter_namespace` keeps the process id, so that whoever waits for us still does."""
    inner = "import os; print(os.getpid(), os.environ['CHARGEPROOF_NETNS'])"
    outer = (
        "import os, sys; from harness.emulator.netns import enter_namespace; print(os.getpid(), flush=True); "
        f"enter_namespace([sys.executable, '-c', {inner!r}])"
    )
    done = subprocess.run([sys.executable, "-c", outer], cwd=ROOT, capture_output=True, text=True, timeout=30)
    before, after = done.stdout.split("\n")[:2]
    assert after == f"{before} veth", done.stderr


def test_a_missing_command_is_said() -> None:
    """Exit code 3 and the command's name; wrong usage is 2."""
    assert launch("nonsense").returncode == 2
    done = launch("--", "/nonexistent/command")
    assert done.returncode == 3 and "/nonexistent/command" in done.stderr


def test_nothing_to_run_changes_nothing() -> None:
    """Without a command we stay where we are."""
    assert enter_namespace([]) is None or network_plan().inside
