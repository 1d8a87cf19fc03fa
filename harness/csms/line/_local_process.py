"""Which program on this machine a connection comes from, found in /proc: all of them share one address."""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def process_at(remote: tuple[Any, ...], local: tuple[Any, ...], likely: Iterable[int] = ()) -> int | None:
    """The number of the process that holds the other end of a connection; addresses as our end sees them.

    `likely` ones are looked at first. None when the other end is on another machine or gone already, or when the
    process is another user's.
    """
    if not _is_ours(remote):
        return None
    inode = _inode(_end(remote), _end(local))
    if inode is None:
        return None
    first = list(dict.fromkeys(likely))
    others = (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())
    candidates = (*first, *(each for each in others if each not in first))
    return next((each for each in candidates if _holds(each, f"socket:[{inode}]")), None)


def _is_ours(address: tuple[Any, ...]) -> bool:
    """Whether it is an address of this machine, which alone can be listened at: others need no look into /proc."""
    family = socket.AF_INET6 if ":" in str(address[0]) else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address[0]), 0, *address[2:]))
    except (OSError, TypeError):
        return False
    return True


def _holds(process: int, link: str) -> bool:
    try:
        for each in Path(f"/proc/{process}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                if str(each.readlink()) == link:
                    return True
    except OSError:
        return False
    return False


def _inode(at: tuple[bytes, int] | None, to: tuple[bytes, int] | None) -> str | None:
    """The number of the socket at one end of a connection; None when this machine does not hold that end."""
    if at is None or to is None:
        return None
    for table in _TABLES:
        try:
            rows = table.read_text().splitlines()[1:]
        except OSError:
            continue
        port = f":{at[1]:04X}"
        for row in rows:
            fields = row.split()
            if fields[1].endswith(port) and (_row_end(fields[1]), _row_end(fields[2])) == (at, to):
                return fields[9] if fields[9] != "0" else None
    return None


def _end(address: tuple[Any, ...]) -> tuple[bytes, int] | None:
    try:
        return _packed(ipaddress.ip_address(str(address[0]).split("%")[0])), int(address[1])
    except (ValueError, IndexError):
        return None


def _row_end(text: str) -> tuple[bytes, int]:
    """An address as /proc/net/tcp writes it: words of 32 bits in the machine's own order, then the port."""
    words, _, port = text.partition(":")
    raw = b"".join(struct.pack("=I", int(words[at : at + 8], 16)) for at in range(0, len(words), 8))
    return _packed(ipaddress.ip_address(raw)), int(port, 16)


def _packed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bytes:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).packed
