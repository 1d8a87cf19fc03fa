"""Accepts a lower limit, and lets the running charge go on as before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station
    from harness.emulator.plant import Plant


def deafen(plant: Plant) -> None:
    """Let an EVSE go on as before when its limit is lowered under way."""

    def deaf(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def keep(limits: PowerLimits) -> None:
            if plant.ramp.value_w < 100 or limits.charge_w >= plant.limits.charge_w:
                allow(limits)

        return keep

    swap(plant, "allow", deaf)


def _break(station: Station) -> None:
    deafen(station.plant)


DEFECT = Defect(
    name="ignores-lower-limit",
    title="Ignores a lowered limit",
    what_is_broken="The charger answers Accepted to a lower limit, but a charge that is under way goes on unchanged.",
    must_fail=("OCPP-K01.P002", "OCPP-K01.P003", "OCPP-K01.P005"),
    may_fail=("OCPP-K01.P004",),
    run=("SC-04",),
    apply=_break,
)
