"""Knows RSA only: TLS 1.2 with RSA suites, the RSA root alone, and an RSA certificate of its own."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

SUITES = "AES128-GCM-SHA256:AES256-GCM-SHA384"  # TLS_RSA_WITH_…, the second pair of A00.FR.319

Context = Callable[[int], "ssl.SSLContext | None"]
Files = Callable[[], tuple[Path, Path]]


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)

    def old_fashioned(context: Context) -> Context:
        def made(profile: int) -> ssl.SSLContext | None:
            found = context(profile)
            if found is not None:
                found.maximum_version = ssl.TLSVersion.TLSv1_2
                found.set_ciphers(SUITES)
            return found

        return made

    def only_rsa(roots: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
        return lambda kind: [pem for pem in roots(kind) if _is_rsa(pem)]

    def rsa_pair(files: Files) -> Files:
        def found() -> tuple[Path, Path]:
            chain, key = files()
            return chain.with_stem(f"{chain.stem}-rsa"), key.with_stem(f"{key.stem}-rsa")

        return found

    swap(ocpp.security, "context", old_fashioned)
    swap(ocpp.certificates, "roots", only_rsa)
    swap(ocpp.certificates, "client_files", rsa_pair)


def _is_rsa(pem: str) -> bool:
    return isinstance(x509.load_pem_x509_certificate(pem.encode()).public_key(), rsa.RSAPublicKey)


VARIANT = Variant(
    name="rsa-suites-only",
    title="Knows RSA cipher suites only",
    what_is_unusual="The charger's TLS ends at 1.2 and knows no certificate with an elliptic-curve key, neither for "
    "itself nor for the backend.",
    why_legal="A charger must know the two ECDSA suites or the two RSA suites, not both; the backend shows either.",
    clauses=("OCPP 2.0.1 A00.FR.318", "OCPP 2.0.1 A00.FR.319", "OCPP 2.0.1 A00.FR.421", "OCPP 2.0.1 A00.FR.422"),
    touches=("SC-05", "SC-06", "SC-09", "BI-20"),
    apply=_alter,
)
