"""What a TLS client offers, read from its ClientHello: versions, suites, signatures, and which key kinds it takes."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from harness.csms.tls._suites import suite_name

_VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}
_SNI, _GROUPS, _SIGNATURES, _SUPPORTED_VERSIONS = 0, 10, 13, 43
_P256 = 0x0017
_MOST_TOLD = 400  # entries of a list; there are about 350 cipher suites in all

# What our certificates of a kind need of a client: signatures (RFC 8446, 4.2.3), in TLS 1.2 suites too
_SIGNED_1_3 = {"ec": {0x0403}, "rsa": {0x0804, 0x0805, 0x0806}}
_SIGNED_1_2 = {"ec": {0x0403}, "rsa": {0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806}}
_SUITES_1_2 = {"ec": {0xC02B, 0xC02C}, "rsa": {0xC02F, 0xC030, 0x009C, 0x009D}}


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offers. `versions` highest first as offered; without the extension it is the one legacy version.

    `signatures` (SignatureScheme numbers) and `groups` are None when the client does not say; `extensions` by number.
    """

    versions: list[str]
    suites: list[str]
    sni: str | None
    compression: list[int]
    legacy_version: int
    suite_numbers: tuple[int, ...] = field(default=())
    says_versions: bool = False
    signatures: tuple[int, ...] | None = None
    groups: tuple[int, ...] | None = None
    extensions: tuple[int, ...] = ()

    def takes(self, kind: str) -> bool:
        """Whether a client of TLS 1.2 or newer can use our certificates of this kind ("ec" P-256, "rsa")."""
        if "TLSv1.3" in self.versions:
            return bool(_SIGNED_1_3[kind] & set(self.signatures or ()))
        if kind == "ec" and self.groups is not None and _P256 not in self.groups:
            return False
        fits = self.signatures is None or bool(_SIGNED_1_2[kind] & set(self.signatures))
        return fits and bool(_SUITES_1_2[kind] & set(self.suite_numbers))

    def as_data(self) -> dict[str, Any]:
        """The form it takes in the trace; suites by registered names, compression methods as numbers (0 is none).

        Of lists longer than any that makes sense the beginning is told; `left_out` says of how many.
        """
        told: dict[str, Any] = {
            "versions": self.versions,
            "suites": self.suites,
            "sni": self.sni,
            "compression": self.compression,
            "supported_versions_extension": self.says_versions,
            "signature_algorithms": _hex(self.signatures),
            "groups": _hex(self.groups),
            "extensions": [n for n in self.extensions if not _is_grease(n)],
        }
        long = {name: value for name, value in told.items() if isinstance(value, list) and len(value) > _MOST_TOLD}
        if long:
            told |= {name: value[:_MOST_TOLD] for name, value in long.items()}
            told["left_out"] = {name: len(value) - _MOST_TOLD for name, value in long.items()}
        return told


def read_client_hello(body: bytes) -> ClientHello | None:
    """Parse handshake bytes; None while the message is incomplete or is no ClientHello."""
    if len(body) < 4 or body[0] != 1 or len(body) < 4 + int.from_bytes(body[1:4], "big"):
        return None
    try:
        return _client_hello(body[4 : 4 + int.from_bytes(body[1:4], "big")])
    except (struct.error, IndexError, UnicodeDecodeError):
        return None


def _client_hello(body: bytes) -> ClientHello:
    legacy = struct.unpack_from("!H", body)[0]
    at = 34  # version and random
    at += 1 + body[at]  # session id
    count = struct.unpack_from("!H", body, at)[0]
    numbers = struct.unpack_from(f"!{count // 2}H", body, at + 2)
    at += 2 + count
    compression = list(body[at + 1 : at + 1 + body[at]])
    at += 1 + body[at]
    extensions = _extensions(body, at)
    versions = _numbers(extensions.get(_SUPPORTED_VERSIONS), 1) or ()
    told = [v for v in versions if not _is_grease(v)]
    sni = extensions.get(_SNI, b"")
    return ClientHello(
        versions=[_VERSIONS.get(v, f"0x{v:04x}") for v in (told or [legacy])],
        suites=[suite_name(n) for n in numbers if not _is_grease(n)],
        sni=sni[5 : 5 + struct.unpack_from("!H", sni, 3)[0]][:255].decode("ascii") if len(sni) > 5 else None,
        compression=compression,
        legacy_version=legacy,
        suite_numbers=numbers,
        says_versions=bool(told),
        signatures=_numbers(extensions.get(_SIGNATURES), 2),
        groups=_numbers(extensions.get(_GROUPS), 2),
        extensions=tuple(extensions),
    )


def _extensions(body: bytes, at: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    end = min(len(body), at + 2 + struct.unpack_from("!H", body, at)[0]) if at + 2 <= len(body) else at
    at += 2
    while at + 4 <= end:
        kind, length = struct.unpack_from("!HH", body, at)
        found[kind] = body[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def _numbers(value: bytes | None, width: int) -> tuple[int, ...] | None:
    """A vector of 16-bit numbers behind its length of `width` bytes; None when there is no such extension."""
    if not value:
        return None
    length = int.from_bytes(value[:width], "big")
    return struct.unpack_from(f"!{length // 2}H", value, width)


def _hex(numbers: tuple[int, ...] | None) -> list[str] | None:
    return None if numbers is None else [f"{n:04x}" for n in numbers if not _is_grease(n)]


def _is_grease(number: int) -> bool:
    """RFC 8701: values that mean nothing and are there to keep servers honest."""
    return (number & 0x0F0F) == 0x0A0A and (number >> 8) == (number & 0xFF)
