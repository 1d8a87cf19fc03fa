"""Stays well below every limit it is given."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator._ports import PowerLimits
from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

BELOW_A = 1.0


def _alter(station: Station) -> None:
    volts, phases = station.ratings.nominal_v, station.ratings.phases

    def cautious(allow: Callable[[PowerLimits], None]) -> Callable[[PowerLimits], None]:
        def less(limits: PowerLimits) -> None:
            amps = max(0.0, min(limits.per_phase_a, limits.charge_w / volts / phases) - BELOW_A)
            if limits.setpoint_w is None:
                limits = dataclasses.replace(limits, per_phase_a=amps, charge_w=amps * volts * phases)
            allow(limits)

        return less

    swap(station.plant, "allow", cautious)


VARIANT = Variant(
    name="keeps-below-its-limits",
    title="Stays 1 A below every limit",
    what_is_unusual="The pilot offers 1 A per phase less than the limit in force, so that the meter never reaches it.",
    why_legal="A limit is what must not be exceeded; IEC 61851-1 lets a duty cycle stand for less than the limit.",
    clauses=("OCPP 2.0.1 K01", "IEC 61851-1:2017 Annex A"),
    touches=("SC-04", "SC-07", "PR-15", "BI-16"),
    apply=_alter,
)
