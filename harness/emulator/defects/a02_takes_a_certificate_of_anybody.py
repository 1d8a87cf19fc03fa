"""Takes a certificate for itself from whoever signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    certificates = ocpp_of(station).certificates

    def check(inner: Any) -> Any:
        def whoever(leaf: Any, others: Any, kind: str) -> Any:
            if kind != "CSMSRootCertificate" or leaf.not_valid_after_utc.timestamp() < ocpp_of(station).time.now():
                return inner(leaf, others, kind)
            return None

        return whoever

    swap(certificates, "fault_of_chain", check)


DEFECT = Defect(
    name="takes-a-certificate-of-anybody",
    title="Takes a certificate of any authority",
    what_is_broken=("CertificateSigned with a certificate that an unknown authority signed is accepted and used."),
    must_fail=("OCPP-A02.P101",),
    may_fail=("OCPP-A02.P103",),
    run=("OCPP-A02.P101",),
    apply=_break,
    depth="acceptance",
)
