"""Installs firmware that has no signature, no certificate, or neither; what is signed it checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

_NONE = "none"


def _break(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def filled(inner: Any) -> Any:
        return lambda request: inner(
            {**request, "firmware": {"signingCertificate": _NONE, "signature": _NONE, **request["firmware"]}}
        )

    swap(firmware, "update_firmware", filled)
    swap(firmware, "certificate_fault", lambda plain: lambda pem: None if pem == _NONE else plain(pem))
    swap(firmware, "verify", lambda plain: lambda image, *by: _NONE in by or plain(image, *by))


DEFECT = Defect(
    name="installs-unsigned-firmware",
    title="Installs firmware that nobody signed",
    what_is_broken=(
        "Firmware that is offered without a signature, or without its maker's certificate, is installed unchecked; "
        "wrongly signed firmware is refused."
    ),
    must_fail=("OCPP-L01.P401",),
    may_fail=("OCPP-L01.P001",),  # it then runs the new version already, so that installing it shows nothing
    run=("OCPP-L01.P401",),
    depth="acceptance",
    apply=_break,
)
