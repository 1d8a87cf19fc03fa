"""A network of the campaign's own for the emulated charger and our car, where this machine permits one."""

from __future__ import annotations

import os
import sys

from harness.emulator.netns import INSIDE, enter_namespace


def is_inside() -> bool:
    """Whether this process is in a network of its own already."""
    return INSIDE in os.environ


def inside_a_network() -> str | None:
    """Run the rest inside a namespace with a real network pair; returns the charger's interface.

    Re-executes this command once. Where namespaces are forbidden, "lo" (no multicast then), and None without IPv6.
    """
    achieved = enter_namespace([sys.executable, "-m", "harness.cli", *sys.argv[1:]])
    if achieved == "veth":
        return "cp-evse"
    from harness.emulator.netns import network_plan

    plan = network_plan()
    return None if plan.kind == "ipv4-mapped" else plan.secc_interface
