"""Rounds a limit up to whole amperes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    r = station.ratings

    def whole(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def up(limits: PowerLimits) -> None:
            amps = min(r.max_a, float(math.ceil(limits.per_phase_a - 1e-6)))
            power_w = max(limits.charge_w, amps * r.nominal_v * r.phases)
            allow(dataclasses.replace(limits, per_phase_a=amps, charge_w=min(power_w, r.max_charge_w)))

        return up

    for plant in station.plants.values():
        swap(plant, "allow", whole)


DEFECT = Defect(
    name="rounds-up",
    title="Limits become whole amperes, upwards",
    what_is_broken=("The charger knows whole amperes only and rounds up: told 10.4 A it lets 11 A flow."),
    must_fail=("OCPP-K01.P002",),
    run=("SC-04.2",),
    apply=_break,
)
