"""Follows a limit of zero in a DC session, and no other."""

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

    def all_or_nothing(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def allowed(limits: PowerLimits) -> None:
            if plant.plugged_connector == 2 and limits.charge_w > 0:
                limits = dataclasses.replace(limits, charge_w=ratings.max_charge_w, per_phase_a=ratings.max_a)
            allow(limits)

        return allowed

    swap(plant, "allow", all_or_nothing)


DEFECT = Defect(
    name="ignores-lower-limits-in-dc-sessions",
    title="Ignores lower limits in DC sessions",
    what_is_broken="In a DC session every limit but zero is accepted and not followed.",
    must_fail=("OCPP-K01.P140",),
    run=("OCPP-K01.P140",),
    depth="acceptance",
    apply=_break,
)
