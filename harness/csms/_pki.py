"""The CSMS's own certificate authority, and every certificate a test needs: good, hostile, stations', firmware's."""

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
ORGANIZATION = "Chargeproof test CSO"
WRONG_HOST = "another-backend.invalid"
HOSTILE = ("wrong_host", "unknown_ca", "expired", "old_tls")
SCENARIOS = ("good", *HOSTILE)


@dataclass(frozen=True)
class Credential:
    """A key with its certificate (and what is above it), both PEM."""

    key_pem: str
    certificate_pem: str

    @property
    def certificate(self) -> x509.Certificate:
        """The first certificate of the chain."""
        return x509.load_pem_x509_certificate(self.certificate_pem.encode())


@dataclass(frozen=True)
class _Authority:
    key: PrivateKey
    certificate: x509.Certificate


class Pki:
    """One root, made for one campaign. Server certificates lie as PEM files in `folder`, one pair a scenario."""

    def __init__(self, folder: Path, root: _Authority, algorithm: str) -> None:
        self.folder = folder
        self.algorithm = algorithm
        self._root = root

    @classmethod
    def create(
        cls, folder: Path, *, host_names: tuple[str, ...] = ("localhost", "127.0.0.1", "::1"), algorithm: str = "ec"
    ) -> Pki:
        """Make the server certificates of every scenario, under the root that is in `folder`, or under a new one.

        A root that is there already is kept: a real charger has it installed, and must trust the next campaign too.
        `algorithm` "ec" (P-256) or "rsa" (2048) is that of the root and of stations' certificates. The server has a
        certificate of each kind, because a station may know only one family of cipher suites (A00.FR.318, .319).
        Raises ValueError for an unknown algorithm, and for a root whose key is missing or does not fit.
        """
        if algorithm not in ("ec", "rsa"):
            raise ValueError(f"key algorithm is {algorithm!r}; it must be 'ec' or 'rsa'")
        folder.mkdir(parents=True, exist_ok=True)
        pki = cls(folder, _kept_or_new_root(folder, algorithm), algorithm)
        stranger = _authority("Somebody else's root", algorithm)
        for kind in ("ec", "rsa"):
            key = _new_key(kind)
            _write_private(folder / f"server-{kind}.key", _key_pem(key))
            for scenario in ("good", "wrong_host", "unknown_ca", "expired"):
                names = (WRONG_HOST,) if scenario == "wrong_host" else host_names
                authority = stranger if scenario == "unknown_ca" else pki._root
                window = (400, -30) if scenario == "expired" else (1, 365)
                made = _issue(authority, key.public_key(), names[0], ORGANIZATION, names=names, days=window)
                (folder / f"{scenario}-{kind}.pem").write_text(_pem(made) + _pem(authority.certificate))
        return pki

    @property
    def root_pem(self) -> str:
        """The CSMS root CA certificate that a charging station must trust."""
        return _pem(self._root.certificate)

    def server_files(self, scenario: str) -> list[tuple[Path, Path]]:
        """(certificate chain, key) of both kinds for a scenario; old_tls presents the good ones."""
        shown = "good" if scenario == "old_tls" else scenario
        return [(self.folder / f"{shown}-{kind}.pem", self.folder / f"server-{kind}.key") for kind in ("ec", "rsa")]

    def issue_station_certificate(
        self, serial: str, organization: str = ORGANIZATION, *, days: tuple[int, int] = (1, 365)
    ) -> Credential:
        """A key and a certificate for a charging station: CN is its serial number (A00.FR.511), O the CSO.

        `days` is (valid since so many days, valid for so many more).
        """
        key = _new_key(self.algorithm)
        made = _issue(self._root, key.public_key(), serial, organization, days=days)
        return Credential(_key_pem(key), _pem(made))

    def sign_request(self, csr_pem: str, *, organization: str | None = None) -> str:
        """Sign a station's CSR (SignCertificate, A02/A03); the chain as PEM.

        Subject is the CSR's own; `organization` replaces its O. Raises ValueError when the CSR is no CSR or its
        signature does not fit its key.
        """
        request = x509.load_pem_x509_csr(csr_pem.encode())
        if not request.is_signature_valid:
            raise ValueError("the CSR's signature does not belong to the key in it")
        key = request.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise ValueError(f"the CSR holds a {type(key).__name__}; OCPP wants RSA or ECDSA")
        common = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        owner = request.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        if not common:
            raise ValueError("the CSR has no commonName; it must be the station's serial number (A00.FR.511)")
        made = _issue(
            self._root,
            key,
            str(common[0].value),
            organization or (str(owner[0].value) if owner else ORGANIZATION),
        )
        return _pem(made) + self.root_pem

    def make_signing_certificate(self, organization: str = "Charger manufacturer") -> Credential:
        """A firmware signing certificate below this root, for a station that trusts the root as manufacturer's too."""
        key = _new_key(self.algorithm)
        return Credential(_key_pem(key), _pem(_issue(self._root, key.public_key(), "Firmware signing", organization)))

    def make_stranger_signing_certificate(self, organization: str = "Charger manufacturer") -> Credential:
        """A firmware signing certificate that looks right and comes from a root which nobody trusts (GEN-03.5)."""
        authority = _authority("Somebody else's manufacturer root", self.algorithm)
        key = _new_key(self.algorithm)
        return Credential(_key_pem(key), _pem(_issue(authority, key.public_key(), "Firmware signing", organization)))


def _kept_or_new_root(folder: Path, algorithm: str) -> _Authority:
    certificate_file, key_file = folder / "root.pem", folder / "root.key"
    if not certificate_file.exists():
        root = _authority("Chargeproof test CSMS root", algorithm)
        _write_private(key_file, _key_pem(root.key))
        certificate_file.write_text(_pem(root.certificate))
        return root
    if not key_file.exists():
        raise ValueError(f"{certificate_file} is there without {key_file.name}; give both, or an empty folder")
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or key.public_key() != (
        certificate.public_key()
    ):
        raise ValueError(f"{key_file} does not belong to {certificate_file.name}; give both, or an empty folder")
    return _Authority(key, certificate)


def _authority(name: str, algorithm: str) -> _Authority:
    key = _new_key(algorithm)
    subject = _name(name, ORGANIZATION)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=800))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _Authority(key, certificate)


def _issue(
    authority: _Authority,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    common_name: str,
    organization: str,
    *,
    names: tuple[str, ...] = (),
    days: tuple[int, int] = (1, 365),
) -> x509.Certificate:
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


def _new_key(algorithm: str) -> PrivateKey:
    if algorithm == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _key_pem(key: PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
