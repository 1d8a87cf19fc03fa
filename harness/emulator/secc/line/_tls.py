"""TLS as a charger must do it: 1.3 with the car's certificate for ISO 15118-20, 1.2 without one for ISO 15118-2."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TLS13 = 0x0304
_SUPPORTED_VERSIONS = 43
_HELLO_WAIT_S = 10.0
_HANDSHAKE_S = 10.0

# Python's ssl cannot choose TLS 1.3 suites or several groups; OpenSSL's own configuration can. [V2G20-2458]: two
# suites, secp521r1 and x448. P-256 is added because -2 needs it and deployed -20 cars offer nothing else.
OPENSSL_CONFIGURATION = """\
openssl_conf = chargeproof
[chargeproof]
ssl_conf = tls
[tls]
system_default = charger
[charger]
Ciphersuites = TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
Groups = P-521:X448:P-256
"""


@dataclass(frozen=True)
class Contexts:
    """One context a protocol version; None when that version is switched off."""

    v13: ssl.SSLContext | None
    v12: ssl.SSLContext | None


def make_contexts(pki: Mapping[str, str], versions: tuple[str, ...]) -> Contexts:
    """Load the PKI. Raises OSError or ssl.SSLError: never continue in the clear because a certificate is missing."""
    v13 = v12 = None
    if "1.3" in versions:
        v13 = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        v13.minimum_version = ssl.TLSVersion.TLSv1_3
        v13.load_cert_chain(pki["secc_v20"], pki["secc_v20_key"])
        v13.load_verify_locations(pki["oem_root"])
        v13.verify_mode = ssl.CERT_REQUIRED
    if "1.2" in versions:
        v12 = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        v12.minimum_version = v12.maximum_version = ssl.TLSVersion.TLSv1_2
        v12.set_ciphers("ECDHE-ECDSA-AES128-SHA256:ECDH-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256")
        v12.load_cert_chain(pki["secc_v2"], pki["secc_v2_key"])
    return Contexts(v13, v12)


async def secure(connection: socket.socket, contexts: Contexts) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Shake hands on an accepted, non-blocking socket; the car's ClientHello decides between the contexts.

    Raises ssl.SSLError or OSError (TimeoutError among them) when the car is refused or stays silent.
    """
    async with asyncio.timeout(_HELLO_WAIT_S):
        wants_13 = offers_tls13(await _peek_hello(connection))
    chosen = contexts.v13 if wants_13 and contexts.v13 else contexts.v12 or contexts.v13
    assert chosen is not None  # SeccConfig refuses an empty tls_versions
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol, connection, ssl=chosen, ssl_handshake_timeout=_HANDSHAKE_S
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _peek_hello(connection: socket.socket) -> bytes:
    """The first TLS record, left in the socket's buffer; shorter when the car closes or sends no TLS."""
    while True:
        seen = b""
        with contextlib.suppress(BlockingIOError):
            seen = connection.recv(16 * 1024 + 5, socket.MSG_PEEK)
            if not seen or seen[0] != 22 or len(seen) >= 5 + int.from_bytes(seen[3:5] or b"\xff\xff"):
                return seen
        await asyncio.sleep(0.005)  # peeked bytes keep the socket readable, so readiness says nothing


def offers_tls13(record: bytes) -> bool:
    """Whether this record is a ClientHello that offers TLS 1.3 in supported_versions."""
    try:
        at = 5 + 4 + 2 + 32  # record header, handshake header, legacy version, random
        at += 1 + record[at]  # session id
        at += 2 + int.from_bytes(record[at : at + 2])  # cipher suites
        at += 1 + record[at]  # compression
        end = min(len(record), at + 2 + int.from_bytes(record[at : at + 2]))
        at += 2
        while at + 4 <= end:
            kind, size = int.from_bytes(record[at : at + 2]), int.from_bytes(record[at + 2 : at + 4])
            if kind == _SUPPORTED_VERSIONS:
                versions = record[at + 5 : at + 4 + size]
                return any(int.from_bytes(versions[i : i + 2]) == _TLS13 for i in range(0, len(versions), 2))
            at += 4 + size
    except IndexError:
        pass
    return False


def write_openssl_configuration(folder: Path) -> Path:
    """Write the configuration that OPENSSL_CONF must name before the process first touches OpenSSL."""
    path = folder / "openssl.cnf"
    path.write_text(OPENSSL_CONFIGURATION)
    return path
