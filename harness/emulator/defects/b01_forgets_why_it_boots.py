"""Announces itself a second time with another reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    told: list[str] = []

    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message != "BootNotificationRequest":
            return payload
        told.append(payload["reason"])
        return {**payload, "reason": "PowerUp"} if told[-2:-1] == told[-1:] else payload

    says(station, otherwise)


DEFECT = Defect(
    name="forgets-why-it-boots",
    title="Forgets the reason of its start",
    what_is_broken="When its announcement has to be repeated, the charger says that power came on.",
    must_fail=("OCPP-B01.P003", "OCPP-B01.R003"),
    run=("OCPP-B01.P003",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
