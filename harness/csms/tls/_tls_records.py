"""TLS read from the outside: records, alert names, and a TLS 1.1 server's ServerHello made by hand."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import Any

from harness.csms.tls._client_hello import ClientHello, read_client_hello

HANDSHAKE, ALERT, CHANGE_CIPHER_SPEC = 22, 21, 20
_MAX_HELLO = 1 << 16

# RFC 8446, 6; RFC 5246, 7.2; RFC 6066, 9
_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
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
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """A TLS alert: `level` "warning" or "fatal", its number and its name."""

    level: str
    code: int
    name: str

    def as_data(self) -> dict[str, Any]:
        """The form it takes in the trace."""
        return {"level": self.level, "code": self.code, "name": self.name}


def alert_of(body: bytes) -> Alert:
    """Read the two bytes of an alert."""
    return Alert("fatal" if body[0] == 2 else "warning", body[1], _ALERTS.get(body[1], f"alert {body[1]}"))


def alert_named(name: str) -> Alert | None:
    """The fatal alert of this name; None when there is none."""
    return next((Alert("fatal", code, known) for code, known in _ALERTS.items() if known == name), None)


class Records:
    """Cuts one direction of a TLS connection into records; stops looking once everything is encrypted."""

    def __init__(self, *, past_cipher_change: bool = False) -> None:
        self._past_cipher_change = past_cipher_change
        self._buffer = bytearray()
        self._hello = bytearray()
        self.client_hello: ClientHello | None = None
        self.plain_alert: Alert | None = None
        self.encrypted = False
        self.no_hello = False  # what came first is no ClientHello that can be read, and never will be

    def stop_at_cipher_change(self) -> None:
        """Take what comes after ChangeCipherSpec as encrypted, as it is in a handshake that is not forged."""
        self._past_cipher_change = False

    def feed(self, data: bytes) -> None:
        """Look at bytes as they passed the socket. Never raises: what is no TLS is the library's to refuse."""
        if self.encrypted:
            return
        self._buffer += data
        while len(self._buffer) >= 5:
            kind, _version, length = struct.unpack_from("!BHH", self._buffer)
            if length > 18432 or kind not in (20, 21, 22, 23, 24):
                self.encrypted = True  # not TLS, nothing further to read
                return
            if len(self._buffer) < 5 + length:
                return
            body = bytes(self._buffer[5 : 5 + length])
            del self._buffer[: 5 + length]
            if kind == ALERT and length == 2 and self.plain_alert is None:
                self.plain_alert = alert_of(body)
            elif kind == 23 or (kind == CHANGE_CIPHER_SPEC and not self._past_cipher_change):
                self.encrypted = True
                self._buffer.clear()
                return
            elif kind == HANDSHAKE and self.client_hello is None and len(self._hello) < _MAX_HELLO:
                self._hello += body
                self.client_hello = read_client_hello(bytes(self._hello))
                self.no_hello = self.client_hello is None and _complete(self._hello)
            elif self.client_hello is None:
                self.no_hello = True


def _complete(hello: bytearray) -> bool:
    """Whether more bytes would not make a ClientHello of it."""
    if hello[:1] != b"\x01" or len(hello) >= _MAX_HELLO:
        return bool(hello)
    return len(hello) >= 4 and len(hello) >= 4 + int.from_bytes(hello[1:4], "big")


TLS11_SUITES = (0xC013, 0xC009, 0xC014, 0xC00A, 0x002F, 0x0035)


def old_server_hello(hello: ClientHello) -> bytes:
    """The ServerHello that a server which knows nothing above TLS 1.1 answers with (RFC 4346, 7.4.1.3), as one record.

    Needed because OpenSSL reads `supported_versions` and then refuses by itself, so that the client's own reaction to
    an old version would never be seen.
    """
    suite = next((s for s in TLS11_SUITES if s in hello.suite_numbers), 0x002F)
    body = struct.pack("!H", 0x0302) + os.urandom(32) + b"\x00" + struct.pack("!H", suite) + b"\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHH", HANDSHAKE, 0x0302, len(message)) + message
