"""Lets a session's own limit displace that of the station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._profiles import STATION_MAX, TX

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def active(plain: Any) -> Any:
        def the_session_s_alone() -> Any:
            found = plain()
            own = any(p.purpose == TX for p in found)
            return [p for p in found if p.purpose != STATION_MAX] if own else found

        return the_session_s_alone

    swap(smart, "active", active)


DEFECT = Defect(
    name="session-displaces-the-stations-limit",
    title="A session's limit displaces the station's",
    what_is_broken="A limit for the running session takes the place of a lower one for the whole station.",
    must_fail=("OCPP-K01.P206", "OCPP-K08.P201"),
    run=("OCPP-K01.P206", "OCPP-K08.P201"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
