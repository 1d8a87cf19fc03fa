"""A small V2G PKI of our own: roots, the charger's certificates, and a vehicle certificate to hand to the bench."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_VALID_DAYS = 60  # ISO 15118 asks for short-lived SECC certificates


@dataclass(frozen=True)
class Authority:
    """A certificate with its key, and the certificates between it and its root (itself first, root left out)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]


def make_pki(folder: Path, leaf_days: float = _VALID_DAYS) -> dict[str, str]:
    """Write the PKI and return its files by name; the charger's own certificates are valid for `leaf_days` more.

    For ISO 15118-20 (TLS 1.3) everything is on P-521 with SHA-512 ([V2G20-2674]); for ISO 15118-2 (TLS 1.2) on P-256
    with SHA-256. "v2g_roots": both roots, for the car to trust. "oem_root": for the charger to trust.
    "secc_v20", "secc_v2": leaf and sub-CA, with "…_key". "ev": the vehicle's leaf and sub-CA, "ev_key" its key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    roots: list[x509.Certificate] = []
    for name, curve in (("secc_v20", ec.SECP521R1()), ("secc_v2", ec.SECP256R1())):
        root = _authority(f"V2G Root {name}", "V2G", curve, None, path_length=2)
        sub = _authority(f"CPO Sub-CA {name}", "CPO", curve, root, path_length=0)
        roots.append(root.certificate)
        leaf = _authority(f"SECC {name}", "CPO", curve, sub, path_length=None, days=leaf_days)
        _write(folder, files, name, leaf)
    (folder / "v2g_roots.pem").write_bytes(b"".join(map(_pem, roots)))
    files["v2g_roots"] = str(folder / "v2g_roots.pem")
    oem_root = _authority("OEM Root", "OEM", ec.SECP521R1(), None, path_length=2)
    oem_sub = _authority("OEM Sub-CA", "OEM", ec.SECP521R1(), oem_root, path_length=0)
    (folder / "oem_root.pem").write_bytes(_pem(oem_root.certificate))
    files["oem_root"] = str(folder / "oem_root.pem")
    _write(folder, files, "ev", _authority("WCPEV00000000000001", "OEM", ec.SECP521R1(), oem_sub, path_length=None))
    return files


def _authority(
    name: str,
    domain: str,
    curve: ec.EllipticCurve,
    issuer: Authority | None,
    *,
    path_length: int | None,
    days: float = _VALID_DAYS,
) -> Authority:
    """A new certificate; `path_length` None makes a leaf, `issuer` None a root."""
    key = ec.generate_private_key(curve)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "chargeproof emulation"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.DOMAIN_COMPONENT, domain),
        ]
    )
    now = dt.datetime.now(dt.UTC)
    signer = issuer.key if issuer else key
    ca = path_length is not None
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                key_agreement=not ca,
                key_cert_sign=ca,
                crl_sign=ca,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA512() if signer.curve.name == "secp521r1" else hashes.SHA256())
    )
    return Authority(certificate, key, () if issuer is None else (certificate, *issuer.chain))


def _write(folder: Path, files: dict[str, str], name: str, leaf: Authority) -> None:
    chain, key = folder / f"{name}.pem", folder / f"{name}_key.pem"
    chain.write_bytes(b"".join(map(_pem, leaf.chain)))
    key.touch(mode=0o600)
    key.write_bytes(
        leaf.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    files[name], files[f"{name}_key"] = str(chain), str(key)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
