"""Takes firmware that was signed below any root it has, whatever that is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cryptography import x509

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.security._certificates import split_pem

if TYPE_CHECKING:
    from harness.emulator._station import Station


Fault = Callable[[str], "str | None"]
ROOTS = ("ManufacturerRootCertificate", "CSMSRootCertificate", "V2GRootCertificate", "MORootCertificate")


def _break(station: Station) -> None:
    ocpp = ocpp_of(station)

    def trusting(_: Fault) -> Fault:
        def any_root(pem: str) -> str | None:
            leaf, *others = (x509.load_pem_x509_certificate(p.encode()) for p in split_pem(pem))
            faults = [ocpp.certificates.fault_of_chain(leaf, others, kind) for kind in ROOTS]
            return None if None in faults else "InvalidCertificate"

        return any_root

    swap(ocpp.firmware, "certificate_fault", trusting)


DEFECT = Defect(
    name="trusts-any-root",
    title="Installs firmware that its backend's root signed",
    what_is_broken="The charger takes firmware of whoever has a certificate below any of its roots, the backend's too.",
    must_fail=("OCPP-L01.P101",),
    may_fail=("OCPP-L01.P001",),  # it then runs the new version already, so that installing it shows nothing
    run=("OCPP-L01.P101",),
    depth="acceptance",
    apply=_break,
)
