"""Where the operator's page listens, and what the phone has to open: also of a run inside a network of its own.

Such a run cannot be reached from outside. A socket belongs to the network in which it was made, whoever holds it: it is
made before the run goes inside, and handed over.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.addresses import local_addresses

_HANDED = "CHARGEPROOF_PAGE"  # "descriptor address address …", from before the network was entered
_ANY = ("0.0.0.0", "::")
_BACKLOG = 64


@dataclass(frozen=True)
class Outside:
    """A socket that listens, or None; and the addresses by which it is reached."""

    listening: socket.socket | None
    addresses: tuple[str, ...]


def listen_outside(host: str, port: int) -> None:
    """Listen now, for a page that is served after this process has gone into another network. Raises OSError."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(kind, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    listening.set_inheritable(True)
    os.environ[_HANDED] = " ".join([str(listening.detach()), *addresses_of(host)])


def outside(host: str) -> Outside:
    """What was handed over, once; or nothing, and the addresses of this network."""
    addresses, handed = addresses_of(host), os.environ.pop(_HANDED, "").split()
    if not handed:
        return Outside(None, addresses)
    listening = socket.socket(fileno=int(handed[0]))
    listening.set_inheritable(False)
    return Outside(listening, addresses)


def addresses_of(host: str) -> tuple[str, ...]:
    """By which a phone reaches what listens at `host`: this computer's own where that is all of them, loopback last.

    Of a page whose socket was handed over they are those of the network outside.
    """
    if handed := os.environ.get(_HANDED, "").split()[1:]:
        return tuple(handed)
    if host not in _ANY:
        return (host,)
    wanted = 4 if host == "0.0.0.0" else 6
    found = [each for each in local_addresses() if wanted == 6 or ipaddress.ip_address(each).version == 4]
    return tuple(found) or ("localhost",)


def url_of(host: str, port: int, word: str, *, secure: bool) -> str:
    """The page's address."""
    return f"http{'s' if secure else ''}://{f'[{host}]' if ':' in host else host}:{port}/{word}/"


def is_ours(host_header: str, named: Sequence[str]) -> bool:
    """Whether a request means us: by an address, or by a name that we gave. A name of others may lead here as well."""
    name = host_header.rsplit(":", 1)[0] if not host_header.endswith("]") else host_header
    name = name.strip("[]").casefold()
    if name in {"localhost", *(each.casefold() for each in named)}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(url: str) -> bool:
    """Whether only programs on this computer reach an address."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
