"""TLS seen from the inside: a handshake over memory buffers, so that its records and alerts can be read."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from ev_emulator._errors import ConnectionLost, TlsRefused

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
GROUPS = {23: "secp256r1", 24: "secp384r1", 25: "secp521r1", 29: "x25519", 30: "x448"}
OPENSSL_GROUPS = {"secp256r1": "prime256v1"}
ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    109: "missing_extension",
    116: "certificate_required",
}
OUT_OF_DATE = {9: "it is not valid yet", 10: "it has expired"}  # X509_V_ERR_… of OpenSSL
Send = Callable[[bytes], Awaitable[None]]
Receive = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True)
class TlsConfig:
    """What the car demands of TLS.

    `roots` is a PEM file of V2G root certificates; None accepts any charger (the trace says so). `certificate` and
    `key` are the vehicle's own chain and key (ISO 15118-20 demands mutual authentication). `minimum` and `maximum` are
    "1.2" or "1.3". `group` limits the key exchange to one named group, such as secp521r1 (Python's ssl can choose one
    group or its defaults, and cannot choose the TLS 1.3 cipher suites; what was agreed is recorded either way).
    """

    roots: Path | None
    certificate: Path | None = None
    key: Path | None = None
    key_password: str | None = None
    minimum: str = "1.3"
    maximum: str = "1.3"
    group: str | None = None

    def context(self) -> ssl.SSLContext:
        """The client context. Raises OSError or ssl.SSLError when a file cannot be read."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False  # an SECC certificate names a charger, not a host
        context.minimum_version = VERSIONS[self.minimum]
        context.maximum_version = VERSIONS[self.maximum]
        if self.roots is None:
            context.verify_mode = ssl.CERT_NONE
        else:
            context.load_verify_locations(cafile=self.roots)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key, self.key_password)
        if self.group is not None:
            context.set_ecdh_curve(OPENSSL_GROUPS.get(self.group, self.group))
        return context


class TlsPipe:
    """TLS between two callables that move raw octets. `facts` is filled by `handshake`."""

    def __init__(self, config: TlsConfig, send: Send, receive: Receive) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = config.context().wrap_bio(self._in, self._out, server_side=False)
        self._send, self._receive = send, receive
        self._seen = bytearray()
        self._config = config
        self.facts: dict[str, Any] = {}

    async def handshake(self) -> dict[str, Any]:
        """Complete the handshake and return its facts: version, cipher, group, peer_subject, verified.

        Raises TlsRefused, with the charger's alert when it sent one.
        """
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await self._flush()
                await self._fill()
            except ssl.SSLError as error:
                await self._flush()  # our own alert must reach the charger
                alert = plain_alert(bytes(self._seen))
                by = f"the charger sent the alert {alert['name']}" if alert else "the car refused"
                why = f"TLS handshake failed: {by}: {error.reason or error}"
                raise TlsRefused(
                    why, alert or received_alert(error), _out_of_date(error, self._config.roots)
                ) from error
        await self._flush()
        cipher = self._tls.cipher()
        self.facts = {
            "version": self._tls.version(),
            "cipher": cipher[0] if cipher else None,
            "group": negotiated_group(bytes(self._seen)),
            "peer_subject": _subject(self._tls.getpeercert()),
            "peer_valid": _valid(self._tls.getpeercert(binary_form=True)),
            "verified": self._config.roots is not None,
            "own_certificate": self._config.certificate is not None,
        }
        self._seen.clear()
        return self.facts

    async def write(self, data: bytes) -> None:
        """Encrypt and send. Raises ConnectionLost when the charger has ended TLS already."""
        try:
            self._tls.write(data)
        except ssl.SSLError as error:  # TLS 1.3: a charger may refuse the car's certificate after the car's handshake
            text = f"the charger had ended TLS before the car could send: {error.reason or error}"
            raise ConnectionLost(text) from error
        await self._flush()

    async def read(self) -> bytes:
        """The next decrypted octets; empty at the end of the stream. Raises TlsRefused on an alert."""
        while True:
            try:
                return self._tls.read(65536)
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._receive()
                if not data:
                    return b""
                self._in.write(data)
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLError as error:
                why = f"TLS ended by an alert or a broken record: {error.reason or error}"
                raise TlsRefused(why, received_alert(error)) from error

    async def close_notify(self) -> None:
        """Say goodbye to the charger without waiting for its answer."""
        with contextlib.suppress(ssl.SSLError, OSError):  # "want read": the answer is not awaited
            self._tls.unwrap()
        await self._flush()

    async def _flush(self) -> None:
        if self._out.pending:
            await self._send(self._out.read())

    async def _fill(self) -> None:
        try:
            data = await self._receive()
        except asyncio.IncompleteReadError as error:
            raise ConnectionLost("the connection ended inside the TLS handshake") from error
        if not data:
            raise ConnectionLost("the charger closed the connection inside the TLS handshake")
        if len(self._seen) < 65536:
            self._seen += data
        self._in.write(data)


def _out_of_date(error: ssl.SSLError, roots: Path | None) -> str | None:
    """What is wrong with the dates of what the charger showed; None where that is not why, or a root of ours is."""
    why = OUT_OF_DATE.get(getattr(error, "verify_code", 0))
    if why is None or roots is None:
        return None
    now = datetime.now(UTC)
    known = x509.load_pem_x509_certificates(roots.read_bytes())
    ours = any(not each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in known)
    return None if ours else why


def _valid(certificate: bytes | None) -> list[str] | None:
    """From when to when a certificate is valid, ISO 8601; None where it cannot be read."""
    try:
        read = x509.load_der_x509_certificate(certificate or b"")
    except ValueError:
        return None
    return [read.not_valid_before_utc.isoformat(), read.not_valid_after_utc.isoformat()]


def plain_alert(stream: bytes) -> dict[str, Any] | None:
    """The first unencrypted alert record in what the charger sent: {level, code, name}."""
    for kind, body in _records(stream):
        if kind == 21 and len(body) == 2:
            return {"level": body[0], "code": body[1], "name": ALERTS.get(body[1], str(body[1]))}
    return None


def received_alert(error: ssl.SSLError) -> dict[str, Any] | None:
    """The alert that OpenSSL decrypted and names as its reason: {level, code, name}; None where it is another's."""
    named = re.fullmatch(
        r"(?:TLSV[\d.]+|SSLV3|SSL/TLS)_(?:ALERT_)?(\w+)", (error.reason or "").upper().replace(" ", "_")
    )
    code = next((code for code, name in ALERTS.items() if named and name == named[1].lower()), None)
    return None if code is None else {"level": 2, "code": code, "name": ALERTS[code]}


def negotiated_group(stream: bytes) -> str | None:
    """The key exchange group of the ServerHello (TLS 1.3 key_share); None for TLS 1.2 or when it is not there."""
    for kind, body in _records(stream):
        if kind != 22 or len(body) < 42 or body[0] != 2:
            continue
        at = 4 + 2 + 32
        at += 1 + body[at] + 2 + 1
        end = at + 2 + int.from_bytes(body[at : at + 2], "big")
        at += 2
        while at + 4 <= min(end, len(body)):
            extension, length = struct.unpack_from("!HH", body, at)
            # A HelloRetryRequest carries the group alone; the ServerHello that follows repeats it with a key.
            if extension == 51 and length >= 2:
                code = int.from_bytes(body[at + 4 : at + 6], "big")
                return GROUPS.get(code, f"0x{code:04x}")
            at += 4 + length
    return None


def _records(stream: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at + 5 <= len(stream):
        length = int.from_bytes(stream[at + 3 : at + 5], "big")
        found.append((stream[at], stream[at + 5 : at + 5 + length]))
        at += 5 + length
    return found


def _subject(certificate: Any) -> str | None:
    if not certificate:
        return None
    return ", ".join(f"{name}={value}" for part in certificate.get("subject", ()) for name, value in part)
