"""Tells the backend its own rating as the car's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    v2x, r = ocpp_of(station).v2x, station.ratings
    own = {
        "maxChargePower": r.max_charge_w,
        "maxDischargePower": r.max_discharge_w,
        "evMaxPower": r.max_charge_w,
        "evMaxCurrent": r.max_a,
        "maxChargeCurrent": r.max_a,
    }

    def ours(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: type(v)(own[k]) if k in own else ours(v) for k, v in value.items()}

    def told(session: Callable[..., None]) -> Callable[..., None]:
        def car_session(event: str, data: Any) -> None:
            session(event, {**data, "chargingNeeds": ours(data["chargingNeeds"])} if event == "needs" else data)

        return car_session

    swap(v2x, "car_session", told)


DEFECT = Defect(
    name="own-needs",
    title="The car's needs are the charger's",
    what_is_broken=(
        "In the vehicle's charging needs the highest powers and currents are the charger's nameplate, "
        "not what the car said."
    ),
    must_fail=("OCPP-K15.P001",),
    run=("SC-09",),
    apply=_break,
)
