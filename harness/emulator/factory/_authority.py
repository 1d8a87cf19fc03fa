"""The manufacturer's certificate authority; its key lives only as long as this object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority:
    """A self-signed P-256 root that issues firmware signers and station certificates."""

    def __init__(self, name: str, organisation: str) -> None:
        self._organisation = organisation
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = self._subject(name)
        builder = self._builder(self._name, self._key.public_key(), 3650).add_extension(
            x509.BasicConstraints(ca=True, path_length=1), critical=True
        )
        self._root = builder.add_extension(_usage(sign_certificates=True), critical=True).sign(
            self._key, hashes.SHA256()
        )

    @property
    def pem(self) -> bytes:
        """The root certificate."""
        return self._root.public_bytes(serialization.Encoding.PEM)

    def firmware_signer(self, name: str) -> tuple[bytes, rsa.RSAPrivateKey]:
        """A signing certificate with a 2048-bit RSA key (A00.FR.502)."""
        key = rsa.generate_private_key(65537, 2048)
        return self._issue(name, key.public_key()), key

    def station(self, serial: str) -> tuple[bytes, ec.EllipticCurvePrivateKey]:
        """A charging station certificate: the serial number as common name (A00.FR.511)."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._issue(serial, key.public_key()), key

    def revocation_list(self, revoked: Sequence[bytes]) -> bytes:
        """A CRL over certificates given as PEM."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name).last_update(now - DAY)
        builder = builder.next_update(now + 365 * DAY)
        for pem in revoked:
            serial = x509.load_pem_x509_certificate(pem).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - DAY).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _issue(self, name: str, key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
        builder = self._builder(self._subject(name), key, 1095).add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        signed = builder.add_extension(_usage(sign_certificates=False), critical=True).sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    def _builder(
        self, subject: x509.Name, key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + days * DAY)
        )

    def _subject(self, name: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self._organisation[:64]),
            ]
        )


def pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """An unencrypted PKCS #8 private key."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )
