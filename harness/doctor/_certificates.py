"""The certificates that profile and charger rely on: there, fitting their keys, and in date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from harness.doctor._check import Check, Patient
from plain_files import octets_of

GROUP = "certificates"
_SOON = timedelta(days=30)
_MOST = 1_000_000  # octets of a file of certificates


def examine_certificates(patient: Patient) -> Iterator[Check]:
    """Findings about the backend's CA, the charger's and the car's certificates."""
    pco = patient.profile.pco
    if pco.csms is not None and pco.csms.security_profile >= 2 and not patient.emulated:
        if pco.csms.pki is None:
            do = "run `chargeproof onboard`, and keep its folder as pco.csms.pki: the charger must trust a lasting CA"
            says = "every run would make a CA of its own, which the charger does not know"
            yield Check(GROUP, "backend CA", "problem", says, do)
        else:
            folder = patient.beside(pco.csms.pki)
            yield _authority("backend CA", folder / "root.pem")
            for file in sorted(folder.glob("root-*.pem")):
                kind = file.stem.removeprefix("root-").upper()
                yield _authority(f"backend CA ({kind})", file)
            for file in sorted(folder.glob("charger-*.pem")):
                yield _pair(f"charger's {file.stem.removeprefix('charger-')}", file, file.with_suffix(".key"))
    if pco.ev is not None and pco.ev.tls and not patient.emulated:
        if pco.ev.pki is None:
            do = "give the folder with ev.pem, ev.key and v2g_roots.pem as pco.ev.pki, or write `tls: no`"
            yield Check(GROUP, "car", "problem", "our car has no certificates (pco.ev.pki)", do)
        else:
            folder = patient.beside(pco.ev.pki)
            yield _pair("car", folder / "ev.pem", folder / "ev.key")
            yield _certificate("car's V2G roots", folder / "v2g_roots.pem")


def _authority(name: str, root: Path) -> Check:
    """A root with its key, or the issuer below it that signs in its place."""
    issuer = root.with_name(root.name.replace("root", "issuer", 1))
    if root.with_suffix(".key").exists() or not issuer.exists():
        return _pair(name, root, root.with_suffix(".key"))
    found = _certificate(name, root)
    return found if found.state == "problem" else _pair(name, issuer, issuer.with_suffix(".key"))


def _pair(name: str, certificate_file: Path, key_file: Path) -> Check:
    """A certificate with the key that belongs to it."""
    found = _certificate(name, certificate_file)
    if found.state == "problem":
        return found
    try:
        key = serialization.load_pem_private_key(octets_of(key_file, most=_MOST), password=None)
    except (OSError, ValueError, TypeError) as error:
        return Check(
            GROUP, name, "problem", f"{key_file} cannot be read: {error}", "put the key beside its certificate"
        )
    certificate = x509.load_pem_x509_certificates(octets_of(certificate_file, most=_MOST))[0]
    encoding = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*encoding) != certificate.public_key().public_bytes(*encoding):
        says = f"{key_file.name} does not belong to {certificate_file.name}"
        return Check(GROUP, name, "problem", says, "give both files of one pair")
    return found


def _certificate(name: str, file: Path) -> Check:
    try:
        certificates = x509.load_pem_x509_certificates(octets_of(file, most=_MOST))
    except OSError as error:
        return Check(GROUP, name, "problem", f"{file}: {error.strerror}", "run `chargeproof onboard`, or correct pki")
    except ValueError:
        return Check(GROUP, name, "problem", f"{file} is no certificate (PEM)", "replace the file")
    now = datetime.now(UTC)
    for each in certificates:
        whose = each.subject.rfc4514_string()
        if now > each.not_valid_after_utc:
            says = f"{whose} ended on {each.not_valid_after_utc:%Y-%m-%d}"
            return Check(GROUP, name, "problem", says, f"make a new one; it is in {file}")
        if now < each.not_valid_before_utc:
            says = f"{whose} begins on {each.not_valid_before_utc:%Y-%m-%d}"
            return Check(GROUP, name, "problem", says, "set this computer's clock")
    ends = min(each.not_valid_after_utc for each in certificates)
    if ends - now < _SOON:
        return Check(GROUP, name, "warning", f"ends on {ends:%Y-%m-%d}", f"make a new one soon; it is in {file}")
    return Check(GROUP, name, "ok", f"valid until {ends:%Y-%m-%d}")
