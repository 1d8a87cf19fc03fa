"""Signing: Ed25519 keys and the DSSE envelope around an in-toto statement."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Self

import msgspec
from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from harness.evidence.bundle._model import PAYLOAD_TYPE, Envelope, Signature
from plain_files import octets_of

_MOST_PEM = 16 << 10  # octets; a key has some hundred


class KeyFault(ValueError):
    """A key that cannot be used, with what would be right."""


class PublicKey:
    """An Ed25519 public key; `keyid` is the SHA-256 of its SubjectPublicKeyInfo (DER), lower-case hex."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.keyid = hashlib.sha256(spki).hexdigest()
        self.pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def from_pem(cls, pem: bytes | Path) -> Self:
        """Read the PEM of a public key and nothing else. Raises KeyFault, or OSError for a file."""
        raw = octets_of(pem, most=_MOST_PEM) if isinstance(pem, Path) else pem
        try:
            if not raw.strip().startswith(b"-----BEGIN PUBLIC KEY-----"):  # the reader would look for one further on
                raise ValueError
            key = serialization.load_pem_public_key(raw)
        except (ValueError, UnsupportedAlgorithm, InternalError) as error:
            raise KeyFault("is not a public key in PEM (-----BEGIN PUBLIC KEY-----)") from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyFault("is not Ed25519; chargeproof signs with Ed25519 only")
        return cls(key)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` over `message` is this key's."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private Ed25519 key that signs bundles. The same evidence gives the same signature."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    @classmethod
    def generate(cls) -> Self:
        """A fresh key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes | Path) -> Self:
        """Read an unencrypted PKCS #8 PEM. Raises KeyFault, or OSError for a file."""
        return cls(_private(octets_of(pem, most=_MOST_PEM) if isinstance(pem, Path) else pem))

    def to_pem(self) -> bytes:
        """The private key as PKCS #8 PEM: keep it out of every bundle."""
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def envelope(self, payload: bytes) -> Envelope:
        """The signed DSSE envelope of an in-toto statement."""
        signature = self._key.sign(pre_authentication(PAYLOAD_TYPE, payload))
        return Envelope(
            payload=base64.b64encode(payload).decode(),
            signatures=(Signature(keyid=self.public.keyid, sig=base64.b64encode(signature).decode()),),
        )


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What DSSE signs: type and payload with their lengths, so that neither can flow into the other."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def open_envelope(raw: bytes) -> tuple[Envelope, bytes, bytes]:
    """An envelope with its payload and its one signature decoded. Raises ValueError when it is not exactly ours."""
    try:
        envelope = msgspec.json.decode(raw, type=Envelope)
        (only,) = envelope.signatures
        return envelope, base64.b64decode(envelope.payload, validate=True), base64.b64decode(only.sig, validate=True)
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError) as error:
        raise ValueError(f"not a DSSE envelope with one signature: {error}") from error


def _private(raw: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(raw, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError) as error:
        raise KeyFault("is not an unencrypted private key in PEM (-----BEGIN PRIVATE KEY-----)") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault("is not Ed25519; make one with `chargeproof key new` (or `openssl genpkey -algorithm ed25519`)")
    return key
