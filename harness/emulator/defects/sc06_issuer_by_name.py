"""Trusts whatever bears the known authority's name as its issuer, without looking at the signature."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.security._tls import TellingContext, _Telling

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    class ByName(_Telling):
        def do_handshake(self) -> None:
            super().do_handshake()
            seen = x509.load_der_x509_certificate(self.getpeercert(binary_form=True) or b"")
            pems = client.certificates.roots("CSMSRootCertificate")
            roots = [x509.load_pem_x509_certificate(each.encode()) for each in pems]
            names = seen.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            said = [str(each.value) for each in names]
            in_date = seen.not_valid_before_utc <= datetime.now(UTC) <= seen.not_valid_after_utc
            if seen.issuer not in [r.subject for r in roots] or self.server_hostname not in said or not in_date:
                raise ssl.SSLCertVerificationError(1, "certificate verify failed")

    def lenient(make: Callable[[int], ssl.SSLContext | None]) -> Callable[[int], ssl.SSLContext | None]:
        def context(profile: int) -> ssl.SSLContext | None:
            made = make(profile)
            if isinstance(made, TellingContext):
                made.check_hostname = False
                made.verify_mode = ssl.CERT_NONE
                made.sslobject_class = ByName
            return made

        return context

    swap(client.security, "context", lenient)


DEFECT = Defect(
    name="issuer-by-name",
    title="Checks the issuer's name, not its signature",
    what_is_broken=(
        "A backend's certificate counts as trusted when it names the known authority as its issuer; the "
        "signature is not checked."
    ),
    must_fail=("OCPP-A00.P012",),
    run=("SC-06.2",),
    apply=_break,
)
