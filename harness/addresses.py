"""This computer's addresses, as a charger on the same network would have to enter them."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from pathlib import Path

_SIOCGIFADDR = 0x8915


def local_addresses() -> tuple[str, ...]:
    """IPv4 and global IPv6 addresses of the interfaces, loopback last; empty only when there is no network at all."""
    found = [*_ipv4(), *_ipv6()]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: ipaddress.ip_address(each).is_loopback))


def _ipv4() -> list[str]:
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                packed = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # the interface has no IPv4 address
            found.append(socket.inet_ntoa(packed[20:24]))
    return found


def _ipv6() -> list[str]:
    try:
        table = Path("/proc/net/if_inet6").read_text()
    except OSError:
        return []
    addresses = [ipaddress.IPv6Address(bytes.fromhex(line.split()[0])) for line in table.splitlines()]
    return [str(address) for address in addresses if not address.is_link_local]
