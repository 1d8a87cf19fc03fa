"""Makes 6 A of every limit between nothing and 6 A."""

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
    r = station.ratings

    def at_least(inner: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def allow(limits: PowerLimits) -> None:
            if 0 < limits.per_phase_a < LEAST_A:
                power_w = max(limits.charge_w, LEAST_A * r.nominal_v * r.phases)
                limits = dataclasses.replace(limits, per_phase_a=LEAST_A, charge_w=power_w)
            inner(limits)

        return allow

    for plant in station.plants.values():
        swap(plant, "allow", at_least)


DEFECT = Defect(
    name="six-amperes-at-least",
    title="Small limits become 6 A",
    what_is_broken=("Told 5 A, or 1 A, the charger lets 6 A flow; only zero stops it."),
    must_fail=("OCPP-K01.P120", "OCPP-K01.P121"),
    run=("OCPP-K01.P120", "OCPP-K01.P121"),
    apply=_break,
    depth="acceptance",
)
