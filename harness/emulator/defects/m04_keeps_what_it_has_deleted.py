"""Says that it has deleted a certificate, and keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.security._certificates import _same_hash

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    certificates = ocpp_of(station).certificates

    def keep(request: dict[str, Any]) -> dict[str, Any]:
        wanted = request["certificateHashData"]
        has = any(_same_hash(certificate, wanted) for _, _, certificate in certificates._installed())
        return {"status": "Accepted" if has else "NotFound"}

    swap(certificates, "delete_certificate", lambda _: keep)


DEFECT = Defect(
    name="keeps-what-it-has-deleted",
    title="Says that it has deleted a certificate, and keeps it",
    what_is_broken="DeleteCertificate is answered Accepted, and the certificate is trusted as before.",
    must_fail=("OCPP-M04.P001",),
    run=("OCPP-M04.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
