"""Says that it found certificates, and lists none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "GetInstalledCertificateIdsResponse":
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="finds-and-lists-nothing",
    title="Finds certificates and does not list them",
    what_is_broken="Asked for its certificates, the charger answers Accepted and lists none.",
    must_fail=("OCPP-M03.P001", "OCPP-M03.R004"),
    run=("OCPP-M03.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
