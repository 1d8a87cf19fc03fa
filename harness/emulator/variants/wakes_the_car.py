"""Wakes a car whose pause is over by taking its pilot away for a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.plant._pilot import OFF_DUTY_PCT, PilotWave
from harness.emulator.variants._model import Variant, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

SLEEPS_NS = 1_600_000_000  # the standard leaves four seconds; the tender of these campaigns allows three in all


def _alter(station: Station) -> None:
    plant = station.plant
    until_ns = [0]
    offered = [True]

    def waking() -> bool:
        return plant.now_ns < until_ns[0]

    def offer(duty_pct: Callable[[], float]) -> Callable[[], float]:
        def duty() -> float:
            plain = duty_pct()
            basic = plant.car.connector == 1 and plant.dc.request is None and plant.enabled and not plant.fault
            now = plain < OFF_DUTY_PCT
            if basic and now and not offered[0]:
                until_ns[0] = plant.now_ns + SLEEPS_NS
            offered[0] = now or not basic
            return OFF_DUTY_PCT if basic and waking() else plain

        return duty

    def pilot(wave: Callable[[], PilotWave]) -> Callable[[], PilotWave]:
        return lambda: PilotWave("F", -12.0, -12.0, OFF_DUTY_PCT, 0.0) if waking() else wave()

    swap(plant, "duty_pct", offer)
    swap(plant, "wave", pilot)
    swap(plant, "pilot_fault", lambda plain: lambda: "" if waking() else plain())


VARIANT = Variant(
    name="wakes-the-car",
    title="Wakes a car that sleeps",
    what_is_unusual="When a pause is over the pilot shows state F for a moment, and then the new offer.",
    why_legal="IEC 61851-1 lets a charger wake a car that way, for up to four seconds.",
    clauses=("IEC 61851-1:2017 A.5.3",),
    touches=("SC-04.3", "SC-04.4", "SC-07"),
    apply=_alter,
)
