"""A private network namespace: this process moved into it, loopback brought up, the pair cp-evse - cp-ev made."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

from harness.emulator.netns._netlink import Netlink

EVSE_INTERFACE, EV_INTERFACE = "cp-evse", "cp-ev"
EVSE_ADDRESS, EV_ADDRESS = "fe80::c9:1", "fe80::c9:2"
INSIDE = "CHARGEPROOF_NETNS"  # set to what was achieved once we are inside
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def launcher_environment() -> dict[str, str]:
    """The environment in which `python -m harness.emulator.netns` finds us from any folder."""
    root = str(Path(__file__).resolve().parents[3])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def unshare() -> None:
    """Move this (single-threaded) process into new user and network namespaces, keeping its user as root inside.

    Where user namespaces are forbidden, root still gets a network namespace. Raises OSError when neither is permitted.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        with contextlib.suppress(OSError):  # absent before Linux 3.19
            Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        return
    if libc.unshare(_CLONE_NEWNET) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"no network namespace: {os.strerror(code)}")


def furnish() -> str:
    """Bring up loopback and make the pair. Returns "veth", or "lo" when the kernel has no veth or no IPv6."""
    netlink = Netlink()
    try:
        netlink.up("lo")
        try:
            netlink.add_veth(EVSE_INTERFACE, EV_INTERFACE)
            for name, address in ((EVSE_INTERFACE, EVSE_ADDRESS), (EV_INTERFACE, EV_ADDRESS)):
                _enable_ipv6(name)
                netlink.no_automatic_address(name)
                netlink.up(name)
                netlink.add_link_local(name, address)
        except OSError:
            return "lo"
        return "veth"
    finally:
        netlink.close()


def _enable_ipv6(name: str) -> None:
    """Some container hosts switch IPv6 off by default; /proc/sys may be read-only, then the address decides."""
    switch = Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6")
    with contextlib.suppress(OSError):
        if switch.read_text().strip() != "0":
            switch.write_text("0")
