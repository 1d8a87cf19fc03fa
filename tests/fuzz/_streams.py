"""What a peer may send to the backend: each input is a list of portions for one connection."""

from __future__ import annotations

import contextlib
import json
import random
import ssl
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.attackers._wire import CONT, PING, PONG, TEXT, frame, message, upgrade
from tests.fuzz._octets import altered, pieces

Portions = list[bytes]


def stream(kind: str, seed: int, number: int) -> Portions:
    """The input of this kind with this number; always the same."""
    dice = random.Random(f"{seed}/{kind}/{number}")
    return KINDS[kind](dice)


def _tcp(dice: random.Random) -> Portions:
    start = dice.choice((b"", b"\x16\x03\x01", b"GET ", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16"))
    return pieces(start + dice.randbytes(dice.choice((0, 1, 5, 100, 3000))), dice)


@cache
def _hello() -> bytes:
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    tls = context.wrap_bio(into, out, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return out.read()


def _record(dice: random.Random) -> bytes:
    body = dice.randbytes(dice.choice((0, 1, 2, 40, 400)))
    length = len(body) if dice.random() < 0.8 else dice.randrange(1 << 16)
    return (
        struct.pack("!BHH", dice.choice((20, 21, 22, 23, 24, 99)), dice.choice((0x301, 0x303, 0x304, 0)), length) + body
    )


def _tls(dice: random.Random) -> Portions:
    """A ClientHello that was altered, in one record or several, and records behind it."""
    hello = _hello()
    if dice.random() < 0.5:  # the record's length stays right, so that what is in it is read
        body = altered(hello[5:], dice)[:16000]
        hello = hello[:3] + struct.pack("!H", len(body)) + body
    elif dice.random() < 0.8:
        hello = altered(hello, dice)
    return pieces(hello + b"".join(_record(dice) for _ in range(dice.choice((0, 0, 1, 3)))), dice)


_PATHS = ("/ocpp/CS001", "/ocpp/%43S001", "/ocpp/../CS001", "/", "*", "/ocpp/" + "%ff" * 9, "/ocpp/CS001?x#y", "//x")
_HEADERS = (
    "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8\r\n",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99, x;;\r\n",
    "Sec-WebSocket-Protocol: ,,\r\n",
    "Sec-WebSocket-Key: x\r\n",
    "Authorization: Basic \r\n",
    "Authorization: Basic OmZvbw==\r\n",
    "Content-Length: 7\r\n",
    "Transfer-Encoding: chunked\r\n",
    " folded: x\r\n",
    "X-\xe9: \xff\r\n",
    ": empty\r\n",
    "Host\r\n",
)


def _http(dice: random.Random) -> Portions:
    """An opening handshake with something wrong in it, and perhaps something behind it."""
    request = upgrade(
        dice.choice(_PATHS),
        password=dice.choice((None, "", "0123456789abcdef", "p\u00e4:ss")),
        more="".join(dice.choice(_HEADERS) for _ in range(dice.choice((0, 1, 2, 40)))),
        deflate=dice.random() < 0.3,
    )
    request = altered(request, dice) if dice.random() < 0.7 else request
    return pieces(request + dice.choice((b"", b"", b"\x00\x00", frame(PING), dice.randbytes(30))), dice)


def _frame(dice: random.Random) -> bytes:
    opcode = dice.choice((CONT, TEXT, TEXT, 2, 8, PING, PONG, 3, 11, 15))
    payload = dice.choice(
        (b"", b"\x03\xe8", b"\x00\x00", b"\x03\xe8\xff", b"[2]", dice.randbytes(dice.randint(0, 200)))
    )
    made = bytearray(frame(opcode, payload, fin=dice.random() < 0.7, compressed=dice.random() < 0.2))
    if dice.random() < 0.3:
        made[0] |= dice.choice((0x10, 0x20, 0x40))
    if dice.random() < 0.1:
        made[1] &= 0x7F  # not masked
    if dice.random() < 0.1:
        made[1] = made[1] & 0x80 | dice.choice((126, 127))
    return bytes(made)


def _websocket(dice: random.Random) -> Portions:
    """A login, and frames that are wrong in themselves or in their order."""
    frames = b"".join(_frame(dice) for _ in range(dice.randint(1, 12)))
    login = upgrade(deflate=dice.random() < 0.5)
    if dice.random() < 0.3:
        return pieces(login + altered(frames, dice), dice)
    return [login, *pieces(altered(frames, dice) if dice.random() < 0.3 else frames, dice)]


_THEN = "2026-01-01T00:00:00Z"
_CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Heartbeat", {}),
    ("BootNotification", {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V"}}),
    ("StatusNotification", {"timestamp": _THEN, "connectorStatus": "Available", "evseId": 1, "connectorId": 1}),
    ("SignCertificate", {"csr": "-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----"}),
    ("Authorize", {"idToken": {"idToken": "x", "type": "Central"}}),
    ("DataTransfer", {"vendorId": "v", "data": [1, None, {"a": "b"}]}),
    ("NotifyReport", {"requestId": 1, "generatedAt": _THEN, "seqNo": 0, "tbc": True, "reportData": []}),
    ("NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "AC_single_phase"}}),
    ("TransactionEvent", {
        "eventType": "Started", "timestamp": _THEN, "triggerReason": "Authorized", "seqNo": 0,
        "transactionInfo": {"transactionId": "t"}, "evse": {"id": 1}, "idToken": {"idToken": "x", "type": "Central"},
    }),
    ("GetCertificateStatus", {"ocspRequestData": {"hashAlgorithm": "SHA256"}}),
    ("PullDynamicScheduleUpdate", {"chargingProfileId": 1}),
    ("GetCertificateChainStatus", {"certificateStatusRequests": [{}]}),
)  # fmt: skip
_ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e308,
    10**30,
    "",
    "\ud800",
    "x" * 300,
    [],
    {},
    [[]],
    {"": {}},
    "\x00",
    "\u202e",
)


def _ocpp(dice: random.Random) -> Portions:
    """One OCPP-J message on a connection that stays open: type, id, action, payload and JSON itself altered."""
    action, payload = dice.choice(_CALLS)
    parts: list[Any] = [2, f"m{dice.randrange(1 << 40)}", action, json.loads(json.dumps(payload))]
    way = dice.random()
    if way < 0.3:
        parts[dice.randrange(4)] = dice.choice(_ODD)
    elif way < 0.6:
        _spoil(parts[3], dice)
    elif way < 0.7:
        parts = [dice.choice((3, 4, 5, 6, 7, -2)), parts[1], *[dice.choice(_ODD) for _ in range(dice.randint(0, 4))]]
    elif way < 0.75:
        depth = dice.choice((10, 1000, 100_000))
        return [frame(TEXT, b"[" * depth + b"]" * dice.choice((0, depth)))]
    text = json.dumps(parts).encode()
    return [frame(TEXT, altered(text, dice) if dice.random() < 0.4 else text)]


def _spoil(value: Any, dice: random.Random) -> None:
    """Put something odd somewhere into an object."""
    while isinstance(value, dict) and value:
        name = dice.choice(list(value))
        if isinstance(value[name], dict) and value[name] and dice.random() < 0.7:
            value = value[name]
            continue
        value[dice.choice((name, "customData", "x"))] = dice.choice(_ODD)
        return


KINDS: dict[str, Callable[[random.Random], Portions]] = {
    "tcp": _tcp,
    "tls": _tls,
    "http": _http,
    "websocket": _websocket,
    "ocpp": _ocpp,
}
SECURE = ("tls",)  # kinds that need a backend with TLS
LOGGED_IN = ("ocpp",)  # kinds whose inputs follow each other on one connection
END = message(2, "end-of-inputs", "Heartbeat", {})
