"""Keeps the limits for sessions over a reset, and not the one for the station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import STATION_MAX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    profiles = ocpp_of(station).smart_charging.profiles

    def reboot(inner: Any) -> Any:
        def forget() -> None:
            inner()
            profiles.remove([p for p in profiles if p.purpose == STATION_MAX])

        return forget

    swap(profiles, "reboot", reboot)


DEFECT = Defect(
    name="forgets-the-stations-limit-in-a-reset",
    title="Forgets the station's own limit in a reset",
    what_is_broken="After a reset the limit for the whole station binds no longer; the one for sessions does.",
    must_fail=("OCPP-K01.P201",),
    run=("OCPP-K01.P201",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
