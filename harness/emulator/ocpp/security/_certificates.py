"""Installed root certificates, the station's own certificate, and checks against them (block M, A02)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from harness.emulator.factory import FactoryFiles
from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.provisioning._model import Json
from plain_files import text_of

ROOTS = (
    "CSMSRootCertificate",
    "ManufacturerRootCertificate",
    "V2GRootCertificate",
    "MORootCertificate",
    "OEMRootCertificate",
)
_HASHES = {"SHA256": hashlib.sha256, "SHA384": hashlib.sha384, "SHA512": hashlib.sha512}


class Certificates:
    """A folder of PEM files by type; the station's own pair lies beside them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._folder = client.storage.folder / "certificates"
        for kind in ROOTS:
            (self._folder / kind).mkdir(parents=True, exist_ok=True)
        if client.config.ca_file is not None and not self.roots("CSMSRootCertificate"):
            for pem in split_pem(text_of(client.config.ca_file, most=1_000_000, encoding="ascii")):
                self._store("CSMSRootCertificate", pem)
        self._first = self._folder / "first_cert.pem", self._folder / "first_key.pem"
        self._count()

    # --- the station's own certificate -----------------------------------------------------------------------------

    def client_files(self) -> tuple[Path, Path]:
        """Chain and key for mutual TLS: a renewed pair, the configured one, else the manufacturer's (A00.FR.804)."""
        own = self._folder / "station_cert.pem", self._folder / "station_key.pem"
        if own[0].is_file() and own[1].is_file():
            return own
        config = self._client.config
        if config.client_cert_file is None or config.client_key_file is None:
            return self._first
        return Path(config.client_cert_file), Path(config.client_key_file)

    def has_client(self) -> bool:
        """Whether mutual TLS is possible."""
        return all(p.is_file() for p in self.client_files())

    def replace_client(self, chain_pem: str, key_pem: bytes) -> None:
        """Use a renewed certificate from the next connection on."""
        (self._folder / "station_cert.pem").write_text(chain_pem, "ascii")
        key = self._folder / "station_key.pem"
        key.touch(mode=0o600)
        key.write_bytes(key_pem)

    # --- roots -----------------------------------------------------------------------------------------------------

    def roots(self, kind: str) -> list[str]:
        """The installed roots of one type, as PEM."""
        return [p.read_text("ascii") for p in sorted((self._folder / kind).glob("*.pem"))]

    def trust(self, kind: str, pem: str) -> None:
        """Put a root into the store from inside, as the factory does."""
        self._store(kind, pem)
        self._count()

    @answers("InstallCertificate")
    def install_certificate(self, request: Json) -> Json:
        """M05: one valid root at a time."""
        try:
            pems = split_pem(request["certificate"])
            certificate = x509.load_pem_x509_certificate(pems[0].encode()) if len(pems) == 1 else None
        except (ValueError, IndexError):
            certificate = None
        if certificate is None or not valid_at(certificate, self._client.time.now()) or not _is_ca(certificate):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidCertificate"}}
        if len(list(self._installed())) >= 20:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "OutOfStorage"}}
        self.trust(request["certificateType"], pems[0])
        self._client.security.event("ReconfigurationOfSecurityParameters", request["certificateType"])
        return {"status": "Accepted"}

    @answers("GetInstalledCertificateIds")
    def get_installed_certificate_ids(self, request: Json) -> Json:
        """M03."""
        known = ROOTS if self._client.model.version == "ocpp2.1" else ROOTS[:-1]  # 2.0.1 has no name for the last kind
        wanted = request.get("certificateType", known)
        chains = [
            {"certificateType": kind, "certificateHashData": hash_data(c)}
            for kind, _, c in self._installed()
            if kind in wanted
        ]
        return {"status": "Accepted", "certificateHashDataChain": chains} if chains else {"status": "NotFound"}

    @answers("DeleteCertificate")
    def delete_certificate(self, request: Json) -> Json:
        """M04; the last root that the running connection rests on stays."""
        wanted = request["certificateHashData"]
        for kind, path, certificate in self._installed():
            if _same_hash(certificate, wanted):
                in_use = kind == "CSMSRootCertificate" and self._client.security.profile >= 2
                if in_use and len(self.roots(kind)) == 1:
                    return {"status": "Failed"}
                path.unlink()
                self._count()
                return {"status": "Accepted"}
        return {"status": "NotFound"}

    def fault_of_chain(self, leaf: x509.Certificate, others: Iterable[x509.Certificate], kind: str) -> str | None:
        """None when `leaf` leads to an installed root of `kind` and is in date; else "invalid" or "revoked"."""
        now = self._client.time.now()
        roots = [x509.load_pem_x509_certificate(pem.encode()) for pem in self.roots(kind)]
        between, at, seen = list(others), leaf, 0
        if self._revoked(leaf):
            return "revoked"
        while seen < 5:
            if not valid_at(at, now):
                return "invalid"
            root = next((r for r in roots if issued(at, r)), None)
            if root is not None:
                return None if valid_at(root, now) else "invalid"
            step = next((c for c in between if c != at and _is_ca(c) and issued(at, c)), None)
            if step is None:
                return "invalid"
            at, seen = step, seen + 1
        return "invalid"

    def leave_factory(self, made: FactoryFiles) -> None:
        """What the manufacturer puts into each station: its root, its revocation list, a first certificate."""
        self._store("ManufacturerRootCertificate", made.root.read_text("ascii"))
        (self._folder / "manufacturer.crl.pem").write_bytes(made.revocation_list.read_bytes())
        self._first = made.station_certificate, made.station_key
        self._count()

    def _revoked(self, certificate: x509.Certificate) -> bool:
        path = self._folder / "manufacturer.crl.pem"
        if not path.is_file():
            return False
        crl = x509.load_pem_x509_crl(path.read_bytes())
        mine = crl.issuer == certificate.issuer
        return mine and crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None

    def _installed(self) -> Iterable[tuple[str, Path, x509.Certificate]]:
        for kind in ROOTS:
            for path in sorted((self._folder / kind).glob("*.pem")):
                yield kind, path, x509.load_pem_x509_certificate(path.read_bytes())

    def _store(self, kind: str, pem: str) -> None:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        (self._folder / kind / f"{certificate.serial_number:x}.pem").write_text(pem, "ascii")

    def _count(self) -> None:
        self._client.model.put("SecurityCtrlr", "CertificateEntries", str(len(list(self._installed()))))


def split_pem(text: str) -> list[str]:
    """The certificates of a PEM file, one string each."""
    end = "-----END CERTIFICATE-----"
    return [part[part.index("-----BEGIN CERTIFICATE-----") :] + end + "\n" for part in text.split(end)[:-1]]


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` signed `certificate`."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def valid_at(certificate: x509.Certificate, instant: float) -> bool:
    """Whether the validity period holds `instant`."""
    moment = datetime.fromtimestamp(instant, UTC)
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def hash_data(certificate: x509.Certificate, algorithm: str = "SHA256") -> Json:
    """CertificateHashDataType; of a self-signed certificate the issuer is itself."""
    digest = _HASHES[algorithm]
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "hashAlgorithm": algorithm,
        "issuerNameHash": digest(certificate.issuer.public_bytes()).hexdigest(),
        "issuerKeyHash": digest(_key_bits(key)).hexdigest(),
        "serialNumber": f"{certificate.serial_number:x}",
    }


def _key_bits(spki: bytes) -> bytes:
    # RFC 6960: the hash covers the BIT STRING's content of SubjectPublicKeyInfo, without tag, length and unused bits
    at = 1 + _length_octets(spki, 1)
    at += 1 + _length_octets(spki, at + 1) + _length(spki, at + 1)
    return spki[at + 1 + _length_octets(spki, at + 1) + 1 :]


def _length_octets(der: bytes, at: int) -> int:
    return 1 + (der[at] & 0x7F if der[at] & 0x80 else 0)


def _length(der: bytes, at: int) -> int:
    octets = _length_octets(der, at)
    return der[at] if octets == 1 else int.from_bytes(der[at + 1 : at + octets], "big")


def _same_hash(certificate: x509.Certificate, wanted: Json) -> bool:
    own = hash_data(certificate, wanted["hashAlgorithm"])
    serial = wanted["serialNumber"].lower().lstrip("0")
    return bool(
        own["issuerNameHash"] == wanted["issuerNameHash"].lower()
        and own["issuerKeyHash"] == wanted["issuerKeyHash"].lower()
        and own["serialNumber"].lstrip("0") == serial
    )


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False
