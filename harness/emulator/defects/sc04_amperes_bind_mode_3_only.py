"""Follows limits in ampere at the pilot only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant = station.plant
    ratings = plant.ratings

    def at_the_pilot(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def allowed(limits: PowerLimits) -> None:
            by_amps = limits.per_phase_a * ratings.phases * ratings.nominal_v
            if plant.dc.request is not None and abs(by_amps - limits.charge_w) < 1 and limits.per_phase_a == 4:
                limits = dataclasses.replace(limits, charge_w=ratings.max_charge_w, per_phase_a=ratings.max_a)
            allow(limits)

        return allowed

    swap(plant, "allow", at_the_pilot)


DEFECT = Defect(
    name="amperes-bind-mode-3-only",
    title="Limits in ampere bind in mode 3 only",
    what_is_broken="In a session by ISO 15118 a limit in ampere is accepted and not followed.",
    must_fail=("OCPP-K01.P141",),
    run=("OCPP-K01.P141",),
    depth="acceptance",
    apply=_break,
)
