"""Tells an AC car in its first charge loops what it may have, and goes on saying that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap
from harness.emulator.secc import StationLimits

if TYPE_CHECKING:
    from harness.emulator._station import Station

FIRST_W = 2000.0


def _break(station: Station) -> None:
    link, plant = car_link_of(station), station.plant
    first: list[StationLimits | None] = [None]

    def once(state: Callable[[], StationLimits]) -> Callable[[], StationLimits]:
        def stale() -> StationLimits:
            limits = state()
            if plant.plugged_connector != 1 or not plant.dc.charging:
                first[0] = None
                return limits
            if first[0] is None and abs(limits.p_w) > FIRST_W:
                first[0] = limits
            then = first[0] or limits
            return msgspec.structs.replace(
                limits,
                max_charge_w=then.max_charge_w,
                max_discharge_w=then.max_discharge_w,
                per_phase_a=then.per_phase_a,
                setpoint_w=then.setpoint_w,
            )

        return stale

    swap(link, "state", once)


DEFECT = Defect(
    name="tells-an-ac-car-once",
    title="Tells an AC car its limit once",
    what_is_broken="What the backend says later in a session does not reach an AC car; a DC charger steers itself.",
    must_fail=("OCPP-K01.P140", "OCPP-K01.P141"),
    run=("OCPP-K01.P140", "OCPP-K01.P141"),
    depth="acceptance",
    apply=_break,
)
