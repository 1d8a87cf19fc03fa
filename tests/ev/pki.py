"""A small V2G PKI for tests, laid out as the iso15118 package looks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = b"test"


@dataclass(frozen=True)
class Pki:
    """PEM files: two roots, the charger's chain and key, the car's chain and key (keys with PASSWORD)."""

    folder: Path
    v2g_root: Path
    oem_root: Path
    secc_chain: Path
    secc_key: Path
    ev_chain: Path
    ev_key: Path


def make_pki(folder: Path) -> Pki:
    """Write a PKI into `folder`."""
    certs, keys = folder / "iso15118_2" / "certs", folder / "iso15118_2" / "private_keys"
    certs.mkdir(parents=True)
    keys.mkdir()
    found = {}
    for root_name, root_file, leaf_name, chain_file, key_file, password_file in (
        ("V2G root", "v2gRootCACert.pem", "SECC", "cpoCertChain.pem", "seccLeaf.key", "seccLeafPassword.txt"),
        ("OEM root", "oemRootCACert.pem", "EVCC", "oemCertChain.pem", "oemLeaf.key", "oemLeafPassword.txt"),
    ):
        root_key = ec.generate_private_key(ec.SECP256R1())
        root = _certificate(root_name, root_key, root_name, root_key, ca=True)
        leaf_key = ec.generate_private_key(ec.SECP256R1())
        leaf = _certificate(leaf_name, leaf_key, root_name, root_key, ca=False)
        (certs / root_file).write_bytes(root.public_bytes(serialization.Encoding.PEM))
        (certs / chain_file).write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        (keys / key_file).write_bytes(
            leaf_key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(PASSWORD),
            )
        )
        (keys / password_file).write_bytes(PASSWORD)
        found[leaf_name] = (certs / root_file, certs / chain_file, keys / key_file)
    (v2g_root, secc_chain, secc_key), (oem_root, ev_chain, ev_key) = found["SECC"], found["EVCC"]
    return Pki(folder, v2g_root, oem_root, secc_chain, secc_key, ev_chain, ev_key)


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey, *, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
