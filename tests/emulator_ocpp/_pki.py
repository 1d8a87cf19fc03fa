"""Certificates for these tests: a root, server certificates of every kind, a client certificate."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Pki:
    """A small authority that writes PEM files into `folder`."""

    def __init__(self, folder: Path, name: str = "Test Root") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(name)
        self.root = self.sign(self.name, self.key.public_key(), ca=True)
        self.root_file = folder / "root.pem"
        self.root_file.write_bytes(pem(self.root))

    def sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        *,
        ca: bool = False,
        host: str | None = None,
        days: int = 30,
    ) -> x509.Certificate:
        """A certificate; with negative `days` one that has expired."""
        now = dt.datetime.now(dt.UTC)
        end = now + dt.timedelta(days=days)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, end) - dt.timedelta(days=1))
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if host is not None:
            names: list[x509.GeneralName] = [x509.DNSName(host)]
            if host[0].isdigit():
                names = [x509.IPAddress(ipaddress.ip_address(host))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def pair(self, name: str, *, host: str | None = None, days: int = 30) -> tuple[Path, Path]:
        """Certificate and key files."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.folder / f"{name}.pem"
        certificate.write_bytes(pem(self.sign(_name(name), key.public_key(), host=host, days=days)))
        key_file = self.folder / f"{name}.key"
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key_file

    def server(self, *, host: str = "127.0.0.1", days: int = 30, client_root: Path | None = None) -> ssl.SSLContext:
        """A server context; with `client_root` it demands client certificates."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.pair(f"server-{host}-{days}", host=host, days=days))
        if client_root is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client_root)
        return context


def pem(certificate: x509.Certificate) -> bytes:
    """As PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test Operator")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common), organisation])
