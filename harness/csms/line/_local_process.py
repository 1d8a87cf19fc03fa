"""Which program on this machine a connection comes from, found in /proc: all of them share one address."""

from __future__ import annotations

import errno
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

_NETLINK, _SOCK_DIAG, _BY_FAMILY = 16, 4, 20
_AT_INODE = 16 + 4 + 48 + 16  # behind the header, the state, the ends of the socket and four numbers
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def process_at(remote: tuple[Any, ...], local: tuple[Any, ...], likely: Iterable[int] = ()) -> int | None:
    """The number of the process that holds the other end of a connection; addresses as our end sees them.

    `likely` ones are looked at first. None when the other end is on another machine or gone already, or when the
    process is another user's.
    """
    if not _is_ours(remote):
        return None
    ends = _end(remote), _end(local)
    try:
        inode = _asked_for(*ends)
    except OSError:  # a kernel that does not answer such questions
        inode = _inode(*ends)
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


def _asked_for(at: tuple[bytes, int] | None, to: tuple[bytes, int] | None) -> str | None:
    """As `_inode`, of the kernel itself (sock_diag): 0.1 ms, where reading its table of all sockets takes several.

    Raises OSError where it cannot be asked.
    """
    if at is None or to is None:
        return None
    plain = len(at[0]) == len(to[0]) == 4
    with socket.socket(_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as kernel:
        kernel.settimeout(1.0)
        for family in (socket.AF_INET, socket.AF_INET6) if plain else (socket.AF_INET6,):
            kernel.send(_question(family, at, to))
            answer = kernel.recv(4096)
            kind = int.from_bytes(answer[4:6], sys.byteorder)
            if kind == _BY_FAMILY and len(answer) >= _AT_INODE + 4:
                inode = int.from_bytes(answer[_AT_INODE : _AT_INODE + 4], sys.byteorder)
                return str(inode) if inode else None
            error = -int.from_bytes(answer[16:20], sys.byteorder, signed=True)
            if error != errno.ENOENT:
                raise OSError(error, "the kernel does not say whose socket it is")
    return None


def _question(family: int, at: tuple[bytes, int], to: tuple[bytes, int]) -> bytes:
    """The request of sock_diag(7) for the one TCP socket with these ends."""
    first, second = (_padded(end[0], family) for end in (at, to))
    socket_id = struct.pack("!HH", at[1], to[1]) + first + second + struct.pack("=I", 0) + b"\xff" * 8
    body = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + socket_id
    return struct.pack("=IHHII", 16 + len(body), _BY_FAMILY, 1, 1, 0) + body


def _padded(packed: bytes, family: int) -> bytes:
    mapped = bytes(10) + b"\xff\xff" + packed if family == socket.AF_INET6 and len(packed) == 4 else packed
    return mapped.ljust(16, b"\x00")


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
