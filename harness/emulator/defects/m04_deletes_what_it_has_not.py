"""Says that it has deleted certificates that it never had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("DeleteCertificateResponse", "NotFound"): {"status": "Accepted"},
}


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        return _INSTEAD.get((message, str(payload.get("status"))), payload)

    says(station, otherwise)


DEFECT = Defect(
    name="deletes-what-it-has-not",
    title="Says that it has deleted certificates that it does not have",
    what_is_broken="A certificate that is not there is deleted, by what the charger answers.",
    must_fail=("OCPP-M04.P002",),
    run=("OCPP-M04.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
