"""A peer made of a bare socket: octets, TLS, the upgrade and frames by hand, so that each can be wrong."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.attackers._target import IDENTITY, PASSWORD

TEXT, PING, PONG, CONT = 1, 9, 10, 0


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, compressed: bool = False) -> bytes:
    """One frame of a client; its mask is zero, so that the payload stands as it is."""
    first = opcode | (0x80 if fin else 0) | (0x40 if compressed else 0)
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", first, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", first, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, length)
    return head + bytes(4) + payload


def message(*parts: Any) -> bytes:
    """An OCPP-J message as one frame."""
    return frame(TEXT, json.dumps(list(parts)).encode())


def upgrade(
    path: str = f"/ocpp/{IDENTITY}",
    *,
    password: str | None = PASSWORD,
    more: str = "",
    user: str = IDENTITY,
    deflate: bool = False,
) -> bytes:
    """The opening handshake's request."""
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: ocpp2.0.1",
        *([f"Authorization: Basic {credentials}"] if password is not None else []),
        *(["Sec-WebSocket-Extensions: permessage-deflate"] if deflate else []),
    ]
    return ("\r\n".join(lines) + "\r\n" + more + "\r\n").encode()


def trusting(roots: str) -> ssl.SSLContext:
    """A correct client's settings."""
    return ssl.create_default_context(cadata=roots)


def connected(port: int, within_s: float = 5.0) -> socket.socket:
    """A TCP connection to the backend."""
    return socket.create_connection(("127.0.0.1", port), timeout=within_s)


def shaken(port: int, roots: str) -> socket.socket:
    """A bare socket on which a TLS handshake was completed, and whose next octets are no TLS of that session."""
    sock = connected(port)
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting(roots).wrap_bio(into, out, server_hostname="localhost")
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            sock.sendall(out.read())
            into.write(sock.recv(1 << 16))
    sock.sendall(out.read())
    return sock


def answer(sock: socket.socket, within_s: float = 5.0) -> bytes:
    """What the backend says to a request, as far as the head goes; b"" when it closes without a word."""
    sock.settimeout(within_s)
    heard = b""
    with suppress(OSError):
        while b"\r\n\r\n" not in heard and (piece := sock.recv(1 << 16)):
            heard += piece
    return heard


def logged_in(port: int, **how: Any) -> socket.socket:
    """A charger's connection, by its name and password. Raises ConnectionError when it was not let in."""
    sock = connected(port)
    sock.sendall(upgrade(**how))
    heard = answer(sock)
    if not heard.startswith(b"HTTP/1.1 101"):
        sock.close()
        raise ConnectionError(heard[:80].decode("latin-1") or "closed without a word")
    return sock


def gone(sock: socket.socket, within_s: float) -> bool:
    """Whether the backend gives the connection back within this time."""
    sock.settimeout(within_s)
    try:
        while sock.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def ignoring_what_breaks() -> Iterator[None]:
    """An attacker does not mind being cut off."""
    with suppress(OSError):
        yield
