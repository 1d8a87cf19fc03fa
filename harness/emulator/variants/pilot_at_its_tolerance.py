"""A pilot at the edge of what IEC 61851-1 allows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.plant._pilot import PilotWave
from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

FREQUENCY_HZ = 1004.0
OFF_V = 0.5
LOW_V = -11.5


def _alter(station: Station) -> None:
    def drifted(wave: Callable[[], PilotWave]) -> Callable[[], PilotWave]:
        def made() -> PilotWave:
            plain = wave()
            if plain.state not in "ABCD":
                return plain
            low = plain.u_high_v - OFF_V if not plain.oscillates else LOW_V if plain.u_low_v == -12.0 else plain.u_low_v
            frequency = FREQUENCY_HZ if plain.oscillates else 0.0
            return dataclasses.replace(plain, u_high_v=plain.u_high_v - OFF_V, u_low_v=low, freq_hz=frequency)

        return made

    swap(station.plant, "wave", drifted)


VARIANT = Variant(
    name="pilot-at-its-tolerance",
    title="Pilot voltages and frequency at the edge of tolerance",
    what_is_unusual="The pilot runs at 1004 Hz, half a volt below its nominal levels.",
    why_legal="The generator may be off by 0.5 % and by 0.6 V (12 V level) to 1 V (the others).",
    clauses=("IEC 61851-1:2017 Annex A, tables of the pilot's generator and states",),
    touches=("SC-07", "SC-04.2"),
    apply=_alter,
)
