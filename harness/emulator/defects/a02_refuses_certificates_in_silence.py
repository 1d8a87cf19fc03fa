"""Refuses a wrong certificate for itself and does not tell the event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def event(inner: Any) -> Any:
        return lambda kind, *more: None if kind == "InvalidChargingStationCertificate" else inner(kind, *more)

    swap(ocpp_of(station).security, "event", event)


DEFECT = Defect(
    name="refuses-certificates-in-silence",
    title="Hides that it refused a certificate",
    what_is_broken=(
        "A certificate of an unknown authority is rejected, and the security event "
        "InvalidChargingStationCertificate never comes."
    ),
    must_fail=("OCPP-A02.P103",),
    run=("OCPP-A02.P103",),
    apply=_break,
    depth="acceptance",
)
