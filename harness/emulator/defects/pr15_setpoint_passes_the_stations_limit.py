"""Follows a setpoint beyond the limit of the whole station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import STATION_MAX, TX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def active(plain: Any) -> Any:
        def without_the_stations() -> Any:
            found = plain()
            steered = any(p.purpose == TX and p.schedules[0].periods[0].setpoint is not None for p in found)
            return [p for p in found if p.purpose != STATION_MAX] if steered else found

        return without_the_stations

    swap(smart, "active", active)


DEFECT = Defect(
    name="setpoint-passes-the-stations-limit",
    title="A setpoint passes the station's limit",
    what_is_broken="A session steered by setpoints follows them beyond a lower limit for the whole station.",
    must_fail=("OCPP-K01.P403",),
    run=("OCPP-K01.P403",),
    depth="acceptance",
    apply=_break,
)
