"""Making keys and certificates: authorities that sign themselves, and leaves below them."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
ORGANIZATION = "Chargeproof test CSO"
KINDS = ("ec", "rsa")

_ROOT_DAYS = (800, 3650)


@dataclass(frozen=True)
class Authority:
    """A CA: its key, its certificate and, where it is no root itself, those `above` it, the root last."""

    key: PrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def root(self) -> x509.Certificate:
        """What a charger has to trust."""
        return self.above[-1] if self.above else self.certificate

    @property
    def between(self) -> tuple[x509.Certificate, ...]:
        """What a charger needs beside the root: its own certificate and those up to the root; of a root nothing."""
        return (self.certificate, *self.above[:-1]) if self.above else ()

    @property
    def chain_pem(self) -> str:
        """Its own certificate and all above it: what is shown with everything that it signed."""
        return "".join(pem(each) for each in (self.certificate, *self.above))

    @property
    def kind(self) -> str:
        """ "ec" or "rsa"."""
        return kind_of(self.key)


def kind_of(key: PrivateKey | PublicKey) -> str:
    """ "ec" or "rsa"."""
    return "rsa" if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) else "ec"


def must_be_strong(key: PublicKey) -> None:
    """Raises ValueError for a key below what OCPP asks for, or so large that checking it is work in itself."""
    least, most = (2048, 8192) if isinstance(key, rsa.RSAPublicKey) else (224, 521)
    if not least <= key.key_size <= most:
        what = "RSA" if isinstance(key, rsa.RSAPublicKey) else "ECDSA"
        raise ValueError(f"the CSR's key is {what} with {key.key_size} bits; {least} to {most} are taken (A00.FR.502)")


def new_authority(name: str, kind: str, *, days: tuple[int, int] = _ROOT_DAYS) -> Authority:
    """A root of its own: P-256 ("ec") or RSA with 2048 bits (A00.FR.502, A00.FR.503); `days` as of `issue`."""
    return _self_signed(_name(name, ORGANIZATION), kind, days)


def new_twin(of: Authority) -> Authority:
    """A root that has the subject of another one, and the same kind of key; but the key is its own."""
    return _self_signed(of.certificate.subject, of.kind)


def _self_signed(subject: x509.Name, kind: str, days: tuple[int, int] = _ROOT_DAYS) -> Authority:
    key = new_key(kind)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def issue(
    authority: Authority,
    key: PublicKey,
    common_name: str,
    organization: str,
    *,
    names: tuple[str, ...] = (),
    days: tuple[int, int] = (1, 365),
) -> x509.Certificate:
    """A leaf for `key`; `names` are hosts and addresses, `days` (valid since so many, valid for so many more)."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name, organization))
        .issuer_name(authority.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_san(n) for n in names]), critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def _name(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
        ]
    )


def _san(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, authority: bool) -> x509.KeyUsage:
    # key encipherment for the TLS_RSA suites; no extended usage, which OCPP advises against (A00.FR.514)
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def new_key(kind: str) -> PrivateKey:
    """P-256 or RSA with 2048 bits."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: PrivateKey) -> str:
    """PKCS #8, not encrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def pem(certificate: x509.Certificate) -> str:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, also where one stood that others could."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
