"""Installs as a root whatever it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    certificates = ocpp_of(station).certificates

    def take(request: dict[str, Any]) -> dict[str, Any]:
        try:
            certificates.trust(request["certificateType"], request["certificate"])
        except ValueError:
            return {"status": "Accepted"}  # what it cannot read it has taken all the same
        return {"status": "Accepted"}

    swap(certificates, "install_certificate", lambda _: take)


DEFECT = Defect(
    name="takes-any-root",
    title="Installs a root that has expired",
    what_is_broken="A root certificate that has expired is installed, and what is no certificate is said to be.",
    must_fail=("OCPP-M05.P002", "OCPP-M05.P003"),
    run=("OCPP-M05.P002", "OCPP-M05.P003"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
