"""Takes a certificate for itself that has expired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography import x509

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    renewal = ocpp_of(station).renewal

    def check(inner: Any) -> Any:
        def whenever(chain: str) -> Any:
            leaf = x509.load_pem_x509_certificate(chain.encode())
            over = leaf.not_valid_after_utc.timestamp() < ocpp_of(station).time.now()
            return None if over else inner(chain)

        return whenever

    swap(renewal, "fault", check)


DEFECT = Defect(
    name="takes-an-expired-certificate",
    title="Takes a certificate that has expired",
    what_is_broken=("CertificateSigned with a certificate that has expired is accepted and used."),
    must_fail=("OCPP-A02.P102", "OCPP-A02.R006"),
    may_fail=("OCPP-A02.P103",),
    run=("OCPP-A02.P102",),
    apply=_break,
    depth="acceptance",
)
