"""Gives the station's limit to each EVSE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import as_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "situation", _alone)


def _alone(plain: Any) -> Any:
    return lambda: as_of(plain(), sharers=1)


DEFECT = Defect(
    name="a-limit-for-the-station-at-each-evse",
    title="The station's limit at each EVSE",
    what_is_broken="Of two EVSEs that charge at once, each draws what the limit allows for the whole station.",
    must_fail=("OCPP-K01.P302",),
    run=("OCPP-K01.P302",),
    smoke=False,
    evses=2,
    apply=_break,
)
