"""Pauses where it may give less than 8 A."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

LEAST_A = 8.0


def _alter(station: Station) -> None:
    volts, phases = station.ratings.nominal_v, station.ratings.phases

    def all_or_nothing(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def whole(limits: PowerLimits) -> None:
            amps = min(limits.per_phase_a, limits.charge_w / volts / phases)
            if limits.setpoint_w is None and amps < LEAST_A:
                limits = dataclasses.replace(limits, per_phase_a=0.0, charge_w=0.0)
            allow(limits)

        return whole

    swap(station.plant, "allow", all_or_nothing)


VARIANT = Variant(
    name="pauses-below-eight-amperes",
    title="Pauses below 8 A",
    what_is_unusual="Below 8 A per phase the charger offers nothing at all, where IEC 61851-1 would let it offer 6 A.",
    why_legal="A limit is what must not be exceeded; that charging must go on at a small one nobody asks.",
    clauses=("OCPP 2.0.1 K01", "IEC 61851-1:2017 Annex A"),
    touches=("SC-04", "PR-15"),
    apply=_alter,
)
