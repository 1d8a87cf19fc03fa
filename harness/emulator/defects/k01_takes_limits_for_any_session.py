"""Accepts a limit for a session that there never was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message == "SetChargingProfileResponse" and "UnknownEvse" not in str(payload):
            return {"status": "Accepted"}
        return payload

    says(station, otherwise)


DEFECT = Defect(
    name="takes-limits-for-any-session",
    title="Accepts a limit for a session that there never was",
    what_is_broken="While no session runs, a limit for one with an unknown id is answered Accepted.",
    must_fail=("OCPP-K01.P032",),
    run=("OCPP-K01.P032",),
    may_fail=("OCPP-K01.R009",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
