"""Finds out, without changing anything, which kind of network the car and the station can meet on here."""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.emulator.netns._enter import EV_INTERFACE, EVSE_INTERFACE, INSIDE, launcher_environment


@dataclass(frozen=True)
class NetworkPlan:
    """What is possible here.

    `kind`: "veth" (link-local addresses, real SDP multicast), "lo" (::1, SDP by unicast only) or "ipv4-mapped" (no
    IPv6 at all: no SDP, the car is told address and port). `inside`: we already are in the namespace; when False and
    `kind` is "veth", `enter_namespace` gets there. `multicast`: SDP multicast can be tested. `reason`: why not better.
    """

    kind: str
    inside: bool
    secc_interface: str
    ev_interface: str
    multicast: bool
    reason: str = ""


def network_plan() -> NetworkPlan:
    """What this process can use, now or after `enter_namespace`."""
    if has_link_local(EVSE_INTERFACE) and has_link_local(EV_INTERFACE):
        return NetworkPlan("veth", True, EVSE_INTERFACE, EV_INTERFACE, True)
    inside = INSIDE in os.environ
    why = "inside a namespace that has no veth pair" if inside else ""
    if not inside:
        answer = _probe()
        if answer == "veth":
            return NetworkPlan("veth", False, EVSE_INTERFACE, EV_INTERFACE, True)
        why = "the kernel offers no veth pair with IPv6" if answer == "lo" else answer
    if _has_ipv6_loopback():
        return NetworkPlan("lo", inside, "lo", "lo", False, why)
    return NetworkPlan("ipv4-mapped", inside, "lo", "lo", False, f"{why}; no IPv6 on this machine")


def can_enter() -> bool:
    """Whether `enter_namespace` would end up with a veth pair."""
    return _probe() == "veth"


@functools.cache
def _probe() -> str:
    """Try it in a child process: "veth", "lo" or the reason why not."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "harness.emulator.netns", "--probe"],
            env={k: v for k, v in launcher_environment().items() if k != INSIDE},
            capture_output=True,
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"probing failed: {error}"
    lines = done.stdout.split("\n")
    return lines[0] if lines[0] else f"probing ended with {done.returncode}"


def has_link_local(interface: str) -> bool:
    """Whether the interface holds a link-local IPv6 address."""
    try:
        table = Path("/proc/net/if_inet6").read_text()
    except OSError:
        return False
    return any(r[-1] == interface and r[0].startswith("fe80") for r in map(str.split, table.splitlines()))


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
