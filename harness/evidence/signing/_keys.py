"""Key files: made once and never written over, and read so that nothing passes for a key which is none."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from harness.evidence.bundle._model import ATTESTATION, SIGNER_KEY
from harness.evidence.signing._sign import KeyFault, PublicKey, Signer
from plain_files import NotPlain, opened

_MOST_BYTES = 16 << 10  # a key has some hundred
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n[A-Za-z0-9+/=\r\n]+-----END \1-----")
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_INSTEAD = {
    b"CERTIFICATE": "is a certificate; take the key out of it: "
    "openssl x509 -in CERTIFICATE -pubkey -noout > signer.pem",
    b"ENCRYPTED PRIVATE KEY": "is a private key behind a password, which chargeproof does not ask for",
    b"OPENSSH PRIVATE KEY": "is a key of SSH; chargeproof's own is made with `chargeproof key new`",
    b"SSH2 PUBLIC KEY": "is a key of SSH; chargeproof's own is made with `chargeproof key new`",
}


@dataclass(frozen=True)
class GivenKey:
    """The public key somebody holds a bundle against. `from_private`: taken from a private key's file."""

    public: PublicKey
    from_private: bool


@dataclass(frozen=True)
class NewKey:
    """A key pair as it was written."""

    private: Path
    public: Path
    keyid: str


def given_key(path: Path, bundle: Path | None = None) -> GivenKey:
    """The key in a PEM file, to verify `bundle` with.

    A private key stands for its public half, and the caller must say so. Raises KeyFault for everything that is no key
    of its own: the bundle, what came inside it, a folder, a certificate, an empty file; OSError for the disk.
    """
    raw = _read(path)
    if bundle is not None and bundle.exists() and path.samefile(bundle):
        raise KeyFault("is the bundle itself; what vouches for a bundle cannot come with it")
    if path.name == SIGNER_KEY or (path.absolute().parent / ATTESTATION).exists():
        raise KeyFault(
            "comes with a bundle, and anybody can have put it there; get the public key from the signer by another "
            f"way, and keep it apart, under another name than {SIGNER_KEY}"
        )
    kind = _kind(raw)
    if kind == b"PUBLIC KEY":
        return GivenKey(PublicKey.from_pem(raw), from_private=False)
    if kind.endswith(b"PRIVATE KEY") and kind not in _INSTEAD:
        return GivenKey(Signer.from_pem(raw).public, from_private=True)
    raise KeyFault(_INSTEAD.get(kind, "is not a public key in PEM (-----BEGIN PUBLIC KEY-----)"))


def signing_key(path: Path) -> Signer:
    """The private key in a PEM file, to sign with. Raises KeyFault, or OSError for the disk."""
    raw = _read(path)
    kind = _kind(raw)
    if kind == b"PUBLIC KEY":
        raise KeyFault("is a public key; to sign, the private one is needed (`chargeproof key new` makes both)")
    if kind in _INSTEAD:
        raise KeyFault(_INSTEAD[kind])
    return Signer.from_pem(raw)


def new_key(path: Path) -> NewKey:
    """Make a key pair: the private one at `path`, readable for its owner only, the public one beside it.

    Neither file is ever written over. Raises KeyFault when one exists, or OSError.
    """
    public = public_half(path)
    if public.name == SIGNER_KEY:
        raise KeyFault(f"would put the public key under the name {SIGNER_KEY}, which every bundle uses; choose another")
    for each in (path, public):
        if os.path.lexists(each):
            raise KeyFault(f"{each} exists, and a key is never written over; give another name")
    signer = Signer.generate()
    _write_new(path, signer.to_pem(), 0o600)
    try:
        _write_new(public, signer.public.pem, 0o644)
    except BaseException:
        path.unlink()  # ours, of this very moment: half a pair is of no use
        raise
    return NewKey(private=path, public=public, keyid=signer.public.keyid)


def public_half(private: Path) -> Path:
    """Where the public key of a private key's file stands: `lab-key.pem` has `lab-key.pub.pem` beside it."""
    stem = private.name.removesuffix(".pem")
    return private.with_name(f"{stem}.pub.pem")


def readable_by_others(path: Path) -> bool:
    """Whether anybody but its owner may read or write the file."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _write_new(path: Path, raw: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode), "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise KeyFault("is a folder; name the key's file in it")
    try:
        with opened(path) as file:
            return file.read(_MOST_BYTES + 1)
    except NotPlain as error:
        raise KeyFault(str(error.strerror)) from error


def _kind(raw: bytes) -> bytes:
    """The label of the one PEM block that the file is, with nothing before or after it. Raises KeyFault."""
    if not raw.strip():
        raise KeyFault("is empty")
    begun = _BEGIN.findall(raw)
    if len(raw) > _MOST_BYTES or not begun:
        raise KeyFault("is not a key in PEM (-----BEGIN PUBLIC KEY-----)")
    if len(begun) > 1:
        raise KeyFault(f"holds {len(begun)} keys or certificates; give a file with one public key and nothing else")
    if begun[0] in _INSTEAD or _BLOCK.fullmatch(raw.strip()):
        return bytes(begun[0])
    raise KeyFault("holds more than a key; give a file with the PEM of one public key and nothing else")
