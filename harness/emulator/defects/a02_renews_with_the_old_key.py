"""Asks for a new certificate for the key that it has already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Csr = Callable[[ec.EllipticCurvePrivateKey], str]


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def with_the_old_key(plain: Csr) -> Csr:
        def csr(key: ec.EllipticCurvePrivateKey) -> str:
            path = client.certificates.client_files()[1]
            old = load_pem_private_key(path.read_bytes(), None) if path.is_file() else key
            if isinstance(old, ec.EllipticCurvePrivateKey):
                key = client.renewal._key = old
            return plain(key)

        return csr

    swap(client.renewal, "csr", with_the_old_key)


DEFECT = Defect(
    name="renews-with-the-old-key",
    title="Renews its certificate, and keeps its key",
    what_is_broken="A new certificate is asked for with the key pair in use; no new one is made, so that one lost "
    "key is lost for ever.",
    must_fail=("OCPP-A02.P105",),
    may_fail=("OCPP-A02.P104",),
    run=("OCPP-A02.P105",),
    depth="acceptance",
    apply=_break,
)
