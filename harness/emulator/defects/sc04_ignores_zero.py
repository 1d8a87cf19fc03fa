"""Treats a limit of zero as the least current at which a car charges."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

LEAST_A = 6.0


def _break(station: Station) -> None:
    ratings = station.ratings
    least_w = LEAST_A * ratings.phases * ratings.nominal_v

    def never_below(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def at_least(limits: PowerLimits) -> None:
            amps, power_w = max(limits.per_phase_a, LEAST_A), max(limits.charge_w, least_w)
            allow(dataclasses.replace(limits, per_phase_a=amps, charge_w=power_w))

        return at_least

    swap(station.plant, "allow", never_below)


DEFECT = Defect(
    name="ignores-zero",
    title="Keeps 6 A when told to stop",
    what_is_broken="A limit of zero is taken as the least current at which a car charges, so the car draws 6 A on.",
    must_fail=("OCPP-K01.P003",),
    run=("SC-04",),
    apply=_break,
)
