"""Offers the car whole amperes, and never more than its limit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    volts, phases = station.ratings.nominal_v, station.ratings.phases

    def floored(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def whole(limits: PowerLimits) -> None:
            if limits.setpoint_w is None:
                amps = float(math.floor(min(limits.per_phase_a, limits.charge_w / volts / phases) + 1e-6))
                limits = dataclasses.replace(
                    limits, per_phase_a=amps, charge_w=min(limits.charge_w, amps * volts * phases)
                )
            allow(limits)

        return whole

    swap(station.plant, "allow", floored)


VARIANT = Variant(
    name="in-whole-amperes",
    title="Whole amperes",
    what_is_unusual="A limit of 10.7 A makes it offer 10 A, one of 4000 W on three phases 5 A, which is a pause.",
    why_legal="A limit is what must not be exceeded; in which steps a charger goes below it nobody asks.",
    clauses=("OCPP 2.0.1 K01", "IEC 61851-1:2017 Annex A"),
    touches=("SC-04", "SC-07.4", "PR-15"),
    apply=_alter,
)
