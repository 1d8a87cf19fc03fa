"""Opening TLS records with secrets from a key log: what was tampered with, or is of another key, does not open."""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

Aead = AESGCM | ChaCha20Poly1305


class Sealed(ValueError):
    """A record that these keys do not open."""


class Opener(Protocol):
    """One direction's keys from one moment on."""

    def unseal(self, kind: int, version: bytes, fragment: bytes) -> bytes:
        """A record's content. Raises Sealed."""


@dataclass(frozen=True)
class Suite:
    """A cipher suite: the hash of its key derivation, its keys' length, how it seals, and (CBC) its MAC's hash."""

    name: str
    digest: str
    key: int
    seal: str  # "gcm", "chacha" or "cbc"
    mac: str = ""


SUITES = {
    0x1301: Suite("TLS_AES_128_GCM_SHA256", "sha256", 16, "gcm"),
    0x1302: Suite("TLS_AES_256_GCM_SHA384", "sha384", 32, "gcm"),
    0x1303: Suite("TLS_CHACHA20_POLY1305_SHA256", "sha256", 32, "chacha"),
    0xC023: Suite("ECDHE_ECDSA_AES_128_CBC_SHA256", "sha256", 16, "cbc", "sha256"),
    0xC025: Suite("ECDH_ECDSA_AES_128_CBC_SHA256", "sha256", 16, "cbc", "sha256"),
    0xC027: Suite("ECDHE_RSA_AES_128_CBC_SHA256", "sha256", 16, "cbc", "sha256"),
    0xC009: Suite("ECDHE_ECDSA_AES_128_CBC_SHA", "sha256", 16, "cbc", "sha1"),
    0xC00A: Suite("ECDHE_ECDSA_AES_256_CBC_SHA", "sha256", 32, "cbc", "sha1"),
    0xC024: Suite("ECDHE_ECDSA_AES_256_CBC_SHA384", "sha384", 32, "cbc", "sha384"),
    0xC02B: Suite("ECDHE_ECDSA_AES_128_GCM_SHA256", "sha256", 16, "gcm"),
    0xC02C: Suite("ECDHE_ECDSA_AES_256_GCM_SHA384", "sha384", 32, "gcm"),
    0xC02D: Suite("ECDH_ECDSA_AES_128_GCM_SHA256", "sha256", 16, "gcm"),
    0xC02F: Suite("ECDHE_RSA_AES_128_GCM_SHA256", "sha256", 16, "gcm"),
    0xC030: Suite("ECDHE_RSA_AES_256_GCM_SHA384", "sha384", 32, "gcm"),
    0xCCA9: Suite("ECDHE_ECDSA_CHACHA20_POLY1305", "sha256", 32, "chacha"),
}


def _aead(suite: Suite, key: bytes) -> Aead:
    return AESGCM(key) if suite.seal == "gcm" else ChaCha20Poly1305(key)


def _opened(aead: Aead, nonce: bytes, sealed: bytes, also: bytes) -> bytes:
    try:
        return aead.decrypt(nonce, sealed, also)
    except (InvalidTag, ValueError) as error:
        raise Sealed("it does not open with the secret that the key log gives") from error


def _mixed(fixed: bytes, number: int) -> bytes:
    return bytes(a ^ b for a, b in zip(fixed, number.to_bytes(len(fixed), "big"), strict=True))


def _expand_label(secret: bytes, label: str, length: int, digest: str) -> bytes:
    """HKDF-Expand-Label of RFC 8446, 7.1, without a context."""
    name = b"tls13 " + label.encode()
    info = struct.pack("!HB", length, len(name)) + name + b"\0"
    found, last, count = b"", b"", 1
    while len(found) < length:
        last = hmac.digest(secret, last + info + bytes([count]), digest)
        found, count = found + last, count + 1
    return found[:length]


def _prf(secret: bytes, label: bytes, seed: bytes, length: int, digest: str) -> bytes:
    """The PRF of RFC 5246, 5."""
    seed = label + seed
    found, last = b"", seed
    while len(found) < length:
        last = hmac.digest(secret, last, digest)
        found += hmac.digest(secret, last + seed, digest)
    return found[:length]


@dataclass
class Of13:
    """TLS 1.3 in one direction: its secrets one after the other, as the log gives them."""

    suite: Suite
    secrets: list[bytes]
    number: int = 0
    _keys: tuple[Aead, bytes] | None = None

    def unseal(self, kind: int, version: bytes, fragment: bytes) -> bytes:
        """Content with its inner kind as the last octet. Raises Sealed."""
        also = struct.pack("!B", kind) + version + struct.pack("!H", len(fragment))
        while True:
            if self._keys is None:
                if not self.secrets:
                    raise Sealed("the key log gives no secret for it")
                key = _expand_label(self.secrets[0], "key", self.suite.key, self.suite.digest)
                fixed = _expand_label(self.secrets[0], "iv", 12, self.suite.digest)
                self._keys, self.number = (_aead(self.suite, key), fixed), 0
            try:
                content = _opened(self._keys[0], _mixed(self._keys[1], self.number), fragment, also)
            except Sealed:
                if len(self.secrets) < 2:
                    raise
                self.secrets.pop(0)
                self._keys = None
                continue
            self.number += 1
            return content.rstrip(b"\0")

    def updated(self) -> None:
        """Its sender goes on with the next secret (RFC 8446, 7.2)."""
        size = len(self.secrets[0])
        self.secrets, self._keys = [_expand_label(self.secrets[0], "traffic upd", size, self.suite.digest)], None


@dataclass
class Of12:
    """TLS 1.2 in one direction."""

    suite: Suite
    key: bytes
    fixed: bytes
    mac: bytes
    mac_first: bool  # encrypt-then-MAC was not agreed
    number: int = field(default=0)

    def unseal(self, kind: int, version: bytes, fragment: bytes) -> bytes:
        """A record's content. Raises Sealed."""
        head = struct.pack("!QB", self.number, kind) + version
        self.number += 1
        if self.suite.seal == "cbc":
            return self._of_cbc(head, fragment)
        if self.suite.seal == "gcm":
            nonce, sealed = self.fixed + fragment[:8], fragment[8:]
        else:
            nonce, sealed = _mixed(self.fixed, self.number - 1), fragment
        return _opened(_aead(self.suite, self.key), nonce, sealed, head + struct.pack("!H", max(0, len(sealed) - 16)))

    def _of_cbc(self, head: bytes, fragment: bytes) -> bytes:
        size = len(self.mac)
        if not self.mac_first:
            fragment, told = fragment[:-size], fragment[-size:]
            self._check(head + struct.pack("!H", len(fragment)) + fragment, told)
        if len(fragment) < 32 or len(fragment) % 16:
            raise Sealed("its length is none of such a record")
        opener = Cipher(algorithms.AES(self.key), modes.CBC(fragment[:16])).decryptor()
        plain = opener.update(fragment[16:]) + opener.finalize()
        plain = plain[: -1 - plain[-1]]
        if self.mac_first:
            if len(plain) < size:
                raise Sealed("it does not open with the secret that the key log gives")
            plain, told = plain[:-size], plain[-size:]
            self._check(head + struct.pack("!H", len(plain)) + plain, told)
        return plain

    def _check(self, said: bytes, told: bytes) -> None:
        if not hmac.compare_digest(hmac.digest(self.mac, said, self.suite.mac), told):
            raise Sealed("it does not open with the secret that the key log gives")


def of_12(suite: Suite, master: bytes, client: bytes, server: bytes, *, etm: bool) -> tuple[Of12, Of12]:
    """The keys of client and server (RFC 5246, 6.3)."""
    mac = {"sha256": 32, "sha1": 20, "sha384": 48, "": 0}[suite.mac]
    fixed = {"gcm": 4, "chacha": 12, "cbc": 0}[suite.seal]
    block = _prf(master, b"key expansion", server + client, 2 * (mac + suite.key + fixed), suite.digest)
    parts = []
    for size in (mac, mac, suite.key, suite.key, fixed, fixed):
        parts.append(block[:size])
        block = block[size:]
    first = Of12(suite, parts[2], parts[4], parts[0], not etm)
    return first, Of12(suite, parts[3], parts[5], parts[1], not etm)
