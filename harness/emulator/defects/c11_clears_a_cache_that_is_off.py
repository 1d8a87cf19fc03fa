"""Clears a cache that is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, says

if TYPE_CHECKING:
    from harness.emulator._station import Station

_INSTEAD: dict[tuple[str, str], dict[str, Any]] = {
    ("ClearCacheResponse", "Rejected"): {"status": "Accepted"},
}


def _break(station: Station) -> None:
    def otherwise(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        return _INSTEAD.get((message, str(payload.get("status"))), payload)

    says(station, otherwise)


DEFECT = Defect(
    name="clears-a-cache-that-is-off",
    title="Says that it has cleared a cache that is switched off",
    what_is_broken="ClearCache is answered Accepted while the authorization cache is switched off.",
    must_fail=("OCPP-C11.P001",),
    run=("OCPP-C11.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
