"""The authority that lies in a folder: a root with its key, or an issuer below a root whose key is kept elsewhere."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from harness.csms.pki._issuing import Authority, PrivateKey
from plain_files import is_there, octets_of

CLIENTS = "clients.pem"  # roots of others by which a charger's own certificate is checked, too
_MOST_PEM = 1_000_000  # octets
_MOST_BETWEEN = 8  # certificates of a chain


def kept_authority(folder: Path, name: str = "root") -> Authority | None:
    """The authority of root `name`.pem; None without that file.

    With `name`.key it is the root itself. A real backend's root seldom gives its key away: then issuer.pem (for
    "root-rsa": issuer-rsa.pem) holds the CA that signs here, and whatever is between it and the root, in that order,
    and issuer.key its key. Raises ValueError when a key is missing or does not fit, or the chain does not end in
    the root.
    """
    root_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    if not is_there(root_file):
        return None
    root = _certificates(root_file)[0]
    if is_there(key_file):
        return Authority(_key_of(root, root_file, key_file), root)
    issuer = name.replace("root", "issuer", 1)
    issuer_file, issuer_key = folder / f"{issuer}.pem", folder / f"{issuer}.key"
    if not is_there(issuer_file) or not is_there(issuer_key):
        raise ValueError(
            f"{root_file} is there without {key_file.name}; give both, or an empty folder, or, where the root's key is "
            f"kept elsewhere, a CA below it as {issuer_file.name} and {issuer_key.name}"
        )
    chain = [each for each in _certificates(issuer_file) if each != root]
    if not 0 < len(chain) <= _MOST_BETWEEN:
        raise ValueError(
            f"{issuer_file} holds {len(chain)} certificates below the root; 1 to {_MOST_BETWEEN} are taken"
        )
    for below, above in zip(chain, [*chain[1:], root], strict=True):
        if not _is_ca(below):
            raise ValueError(f"{issuer_file}: {_name(below)} is no CA, and so cannot sign for the backend")
        if not _signed_by(below, above):
            raise ValueError(f"{issuer_file}: {_name(below)} was not signed by {_name(above)}")
    return Authority(_key_of(chain[0], issuer_file, issuer_key), chain[0], (*chain[1:], root))


def others_roots(folder: Path) -> list[x509.Certificate]:
    """The roots in clients.pem: of a vendor, say, whose certificates its chargers show; none without that file.

    Raises ValueError for a file that holds no certificate, or one that is no CA.
    """
    file = folder / CLIENTS
    if not is_there(file):
        return []
    found = _certificates(file)
    for each in found:
        if not _is_ca(each):
            raise ValueError(f"{file}: {_name(each)} is no CA; give the root of the chargers' certificates")
    return found


def _certificates(file: Path) -> list[x509.Certificate]:
    """At least one. Raises ValueError."""
    return x509.load_pem_x509_certificates(octets_of(file, most=_MOST_PEM))


def _key_of(certificate: x509.Certificate, file: Path, key_file: Path) -> PrivateKey:
    key = serialization.load_pem_private_key(octets_of(key_file, most=_MOST_PEM), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or key.public_key() != (
        certificate.public_key()
    ):
        raise ValueError(f"{key_file} does not belong to {file.name}; give both, or an empty folder")
    return key


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string() or f"the certificate {certificate.serial_number:x}"
